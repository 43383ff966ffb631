namespace ImageKit.Server;

/// <summary>Works on the folder of a registry that is not served at the moment.</summary>
public static class RegistryFolder
{
    /// <summary>Takes away what nobody needs: blobs that no manifest names, bytes that no repository has, uploads of more than a week ago.</summary>
    /// <param name="root">The folder, as <see cref="RegistryServerOptions.Root"/> named it.</param>
    /// <param name="age">What was used since so long ago stays.</param>
    /// <param name="untagged">Whether manifests go too that neither a tag names, nor an index that stays, nor are about one that stays.</param>
    /// <param name="dryRun">Whether all stays, and is only counted.</param>
    /// <param name="cancel">Stops the work; what is gone then was not needed.</param>
    /// <exception cref="ImageKitException">The folder is served at the moment (IK2071), or is that of something else (IK2076).</exception>
    /// <exception cref="ContentException">The folder cannot be read or written (IK1002, IK1003).</exception>
    public static async Task<SweepReport> SweepAsync(string root, TimeSpan age, bool untagged = false, bool dryRun = false, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (!Directory.Exists(root)) throw new ImageKitException("IK2076", $"'{root}' is no folder of a registry.", "It is not there.", "Name the folder that 'imagekit registry serve --root' keeps.");
        using ServedFolder folder = ServedFolder.Open(root);
        return await folder.SweepAsync(new SweepRules(age, untagged, dryRun), cancel).ConfigureAwait(false);
    }
}
