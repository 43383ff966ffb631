using System.Collections.Immutable;

namespace ImageKit.Sandbox;

/// <summary>A bundle's `config.json`: what an OCI runtime, and the built-in sandbox too, is told to run.</summary>
/// <seealso href="https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config.md"/>
internal sealed record RuntimeSpec
{
    public string OciVersion { get; init; } = "1.0.2";
    public required SpecProcess Process { get; init; }
    public required SpecRoot Root { get; init; }
    public required string Hostname { get; init; }
    public required ImmutableArray<SpecMount> Mounts { get; init; }
    public required SpecLinux Linux { get; init; }
    public ImmutableDictionary<string, string>? Annotations { get; init; }
}

/// <summary>The process of a bundle.</summary>
internal sealed record SpecProcess
{
    public bool Terminal { get; init; }
    public SpecConsoleSize? ConsoleSize { get; init; }
    public required SpecUser User { get; init; }
    public required ImmutableArray<string> Args { get; init; }
    public required ImmutableArray<string> Env { get; init; }
    public required string Cwd { get; init; }
    public required SpecCapabilities Capabilities { get; init; }
    public bool NoNewPrivileges { get; init; }
}

/// <summary>The size of a terminal, in characters.</summary>
internal sealed record SpecConsoleSize(uint Height, uint Width);

/// <summary>Who a bundle's process is.</summary>
internal sealed record SpecUser(uint Uid, uint Gid, ImmutableArray<uint>? AdditionalGids);

/// <summary>The names of the capabilities in each of a bundle's process's sets.</summary>
internal sealed record SpecCapabilities(
    ImmutableArray<string> Bounding, ImmutableArray<string> Effective, ImmutableArray<string> Permitted);

/// <summary>Where a bundle's root filesystem is.</summary>
internal sealed record SpecRoot(string Path);

/// <summary>One mount of a bundle.</summary>
internal sealed record SpecMount(string Destination, string Type, string Source, ImmutableArray<string> Options);

/// <summary>The part of a bundle that is Linux's own.</summary>
internal sealed record SpecLinux
{
    public required ImmutableArray<SpecNamespace> Namespaces { get; init; }
    public required ImmutableArray<string> MaskedPaths { get; init; }
    public required ImmutableArray<string> ReadonlyPaths { get; init; }
    public SpecSeccomp? Seccomp { get; init; }
    public string? CgroupsPath { get; init; }
}

/// <summary>A namespace that a bundle's process gets anew.</summary>
internal sealed record SpecNamespace(string Type);

/// <summary>The system calls that a bundle's process may make.</summary>
internal sealed record SpecSeccomp(
    string DefaultAction, uint DefaultErrnoRet, ImmutableArray<string> Architectures, ImmutableArray<SpecSystemCalls> Syscalls);

/// <summary>What happens at some system calls, if their arguments are so.</summary>
internal sealed record SpecSystemCalls(
    ImmutableArray<string> Names, string Action, uint? ErrnoRet, ImmutableArray<SpecArgument>? Args);

/// <summary>A condition on one argument of a system call.</summary>
internal sealed record SpecArgument(uint Index, ulong Value, ulong? ValueTwo, string Op);
