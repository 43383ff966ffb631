using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The arguments that FROM lines see: ARGs before the first FROM and the predefined ones.</summary>
internal sealed record GlobalScope(StageGraphOptions Options, string TargetStage)
{
    public ImmutableDictionary<string, string?> Declared { get; private init; } = ImmutableDictionary<string, string?>.Empty;

    public string? Find(string name)
    {
        if (Declared.TryGetValue(name, out string? value) && value is not null) return value;
        string? predefined = name == "TARGETSTAGE" ? TargetStage : Options.Predefined(name);
        return predefined is null ? null : Options.BuildArgs(name) ?? predefined;
    }

    /// <summary>The scope after one more ARG. A default is expanded only if no build argument is given, so its faults count only then.</summary>
    public GlobalScope Declare(ArgInstruction arg, char escape, List<Diagnostic> faults)
    {
        GlobalScope scope = this;
        foreach (ArgDeclaration declaration in arg.Declarations)
        {
            string name = declaration.Name.Text;
            string? value = Options.BuildArgs(name);
            if (value is null && declaration.Default is { } text)
            {
                ExpansionResult expanded = Expansion.Expand(text.Text, scope.Find, escape);
                if (expanded.Error is { } error) faults.Add(GraphFaults.Expansion(text, error));
                value = expanded.Text;
            }

            if (value is null && scope.Declared.ContainsKey(name)) continue;
            scope = scope with { Declared = scope.Declared.SetItem(name, value) };
        }

        return scope;
    }
}
