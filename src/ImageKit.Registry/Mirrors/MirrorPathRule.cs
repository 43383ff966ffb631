namespace ImageKit.Registry;

/// <summary>Where the path of a mirror's address goes in its URLs.</summary>
public enum MirrorPathRule
{
    /// <summary>Behind `/v2`, before the repository: `https://host/v2/PATH/library/nginx`. registries.conf, buildkitd.toml.</summary>
    AfterV2,

    /// <summary>Before `/v2`: `https://host/PATH/v2/library/nginx`. daemon.json, hosts.toml.</summary>
    BeforeV2,

    /// <summary>Instead of `/v2`: `https://host/PATH/library/nginx`. hosts.toml with `override_path`.</summary>
    Override,
}
