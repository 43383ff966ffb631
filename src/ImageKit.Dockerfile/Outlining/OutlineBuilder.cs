using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Walks over the needed stages and collects what they take from outside.</summary>
internal sealed class OutlineBuilder(DockerfileSyntax file, StageGraph graph, StageGraphOptions options)
{
    private readonly Dictionary<string, OutlineArgument> _arguments = new(StringComparer.Ordinal);
    private readonly Dictionary<(MountType, string), OutlineMount> _mounts = [];

    public BuildOutline Build()
    {
        Dictionary<int, ImmutableDictionary<string, string>> scopes = [];
        foreach (Stage stage in graph.Needed)
        {
            foreach (Word word in new[] { stage.From.Image, stage.From.Platform ?? default }.Where(word => word.Text is not null)) UseGlobals(word);
            ImmutableDictionary<string, string> scope = stage.Base is StageOutput { Index: int below } && scopes.TryGetValue(below, out ImmutableDictionary<string, string>? inherited) ? inherited : ImmutableDictionary<string, string>.Empty;
            foreach (Instruction instruction in stage.AllInstructions) scope = Apply(scope, instruction);
            scopes[stage.Index] = scope;
        }

        return new()
        {
            Target = graph.Target?.Name ?? "",
            Description = graph.Target is { } target ? Descriptions.Of(target.From, target.Name ?? "") : "",
            Arguments = [.. _arguments.Values.OrderBy(argument => argument.Span.Start)],
            Secrets = Mounts(MountType.Secret),
            SshAgents = Mounts(MountType.Ssh),
            Caches = Mounts(MountType.Cache),
        };
    }

    private ImmutableArray<OutlineMount> Mounts(MountType type) =>
        [.. _mounts.Where(pair => pair.Key.Item1 == type).Select(pair => pair.Value).OrderBy(mount => mount.Span.Start)];

    private ImmutableDictionary<string, string> Apply(ImmutableDictionary<string, string> scope, Instruction instruction)
    {
        switch (instruction)
        {
            case ArgInstruction arg:
                foreach (ArgDeclaration declaration in arg.Declarations) scope = Declare(scope, arg, declaration);
                return scope;
            case EnvInstruction env:
                return scope.SetItems(env.Pairs.Select(pair => KeyValuePair.Create(Expand(pair.Key, scope), Expand(pair.Value, scope))).DistinctBy(pair => pair.Key));
            case RunInstruction run:
                foreach (MountFlag mount in run.Mounts) Add(mount, scope);
                return scope;
            default:
                return scope;
        }
    }

    private ImmutableDictionary<string, string> Declare(ImmutableDictionary<string, string> scope, ArgInstruction arg, ArgDeclaration declaration)
    {
        string name = declaration.Name.Text;
        ArgInstruction? global = declaration.Default is null ? UseGlobal(name) : null;
        string? value = options.BuildArgs(name) ?? (declaration.Default is { } text ? Expand(text, scope) : graph.GlobalValue(name));
        string own = Descriptions.Of(arg, name);
        // Its own line says where it is, the line before FROM what it is for, if it does not itself.
        if (global is null || !_arguments.ContainsKey(name)) _arguments.TryAdd(name, new(name, value, own, declaration.Name.Span));
        else if (own.Length > 0 && _arguments[name].Description.Length == 0) _arguments[name] = _arguments[name] with { Description = own };
        return value is null ? scope : scope.SetItem(name, value);
    }

    private void UseGlobals(Word word)
    {
        ExpansionResult result = Expansion.Expand(word.Text, graph.GlobalValue, file.Escape);
        foreach (string name in result.Used.Concat(result.Undefined)) UseGlobal(name);
    }

    // An argument before FROM counts once something uses it, and with it those that its default uses.
    private ArgInstruction? UseGlobal(string name)
    {
        ArgInstruction? arg = file.Instructions.TakeWhile(instruction => instruction is not FromInstruction).OfType<ArgInstruction>()
            .LastOrDefault(instruction => instruction.Declarations.Any(declaration => declaration.Name.Text == name));
        if (arg is null || _arguments.ContainsKey(name)) return arg;
        ArgDeclaration declaration = arg.Declarations.Last(one => one.Name.Text == name);
        _arguments.Add(name, new(name, graph.GlobalValue(name), Descriptions.Of(arg, name), declaration.Name.Span));
        if (declaration.Default is { } text) UseGlobals(text);
        return arg;
    }

    private void Add(MountFlag flag, ImmutableDictionary<string, string> scope)
    {
        if (flag.Resolve(name => scope.GetValueOrDefault(name), file.Escape).Mount is not { } mount) return;
        string? id = mount.Type switch
        {
            MountType.Secret => mount.Id ?? mount.Target?[(mount.Target.LastIndexOf('/') + 1)..] ?? mount.EnvironmentVariable,
            MountType.Ssh => mount.Id ?? "default",
            MountType.Cache => mount.Id ?? mount.Target,
            _ => null,
        };
        if (id is null) return;
        bool required = mount.Required || (_mounts.TryGetValue((mount.Type, id), out OutlineMount? known) && known.IsRequired);
        SourceSpan span = _mounts.TryGetValue((mount.Type, id), out OutlineMount? first) ? first.Span : flag.Span;
        _mounts[(mount.Type, id)] = new(id, required, span);
    }

    private string Expand(Word word, ImmutableDictionary<string, string> scope) =>
        Expansion.Expand(word.Text, name => scope.GetValueOrDefault(name), file.Escape).Text;
}

/// <summary>Reads what comments say of the ARG or FROM below them: <c># name description</c>.</summary>
internal static class Descriptions
{
    public static string Of(Instruction instruction, string name)
    {
        if (name.Length == 0) return "";
        foreach (Word comment in instruction.Comments)
        {
            if (comment.Text.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase)) return comment.Text[(name.Length + 1)..].Trim();
        }

        return "";
    }
}
