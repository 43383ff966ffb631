using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>What crosses the socket between the caller and its keeper, as JSON. Output of commands crosses as raw bytes instead.</summary>
[JsonDerivedType(typeof(UnsharedMessage), "unshared")]
[JsonDerivedType(typeof(MappedMessage), "mapped")]
[JsonDerivedType(typeof(StartMessage), "start")]
[JsonDerivedType(typeof(ReadyMessage), "ready")]
[JsonDerivedType(typeof(RunMessage), "run")]
[JsonDerivedType(typeof(UnpackMessage), "unpack")]
[JsonDerivedType(typeof(RemoveMessage), "remove")]
[JsonDerivedType(typeof(CancelMessage), "cancel")]
[JsonDerivedType(typeof(SignalMessage), "signal")]
[JsonDerivedType(typeof(DoneMessage), "done")]
[JsonDerivedType(typeof(FailedMessage), "failed")]
internal abstract record KeeperMessage;

/// <summary>Keeper: I am in a user namespace now, map its ids.</summary>
internal sealed record UnsharedMessage : KeeperMessage;

/// <summary>Caller: the ids are mapped, go on.</summary>
internal sealed record MappedMessage : KeeperMessage;

/// <summary>Caller: the first message to the keeper itself.</summary>
internal sealed record StartMessage(string Home, string Runtime, KeeperMode Mode, bool InheritStreams, bool WithoutOverlay) : KeeperMessage;

/// <summary>Keeper: ready for requests, with the runtime that it chose and what cannot be had here.</summary>
internal sealed record ReadyMessage(string Runtime, ImmutableArray<string> Warnings) : KeeperMessage;

/// <summary>Caller: run a command.</summary>
internal sealed record RunMessage(int Id, RunRequest Request) : KeeperMessage;

/// <summary>Caller: see that these layers are unpacked.</summary>
internal sealed record UnpackMessage(int Id, ImmutableArray<Digest> Layers) : KeeperMessage;

/// <summary>Caller: delete these paths of ImageKit's folder, which may belong to ids of the keeper's alone.</summary>
internal sealed record RemoveMessage(int Id, ImmutableArray<string> Paths) : KeeperMessage;

/// <summary>Caller: stop the request of that number.</summary>
internal sealed record CancelMessage(int Id) : KeeperMessage;

/// <summary>Caller: hand the signal to the command of that request.</summary>
internal sealed record SignalMessage(int Id, int Signal) : KeeperMessage;

/// <summary>Keeper: the request is done.</summary>
internal sealed record DoneMessage(int Id, RunResult? Result) : KeeperMessage;

/// <summary>Keeper: the request, or with number 0 the start, failed.</summary>
internal sealed record FailedMessage(int Id, string Code, string What, string Why, string Mend) : KeeperMessage;
