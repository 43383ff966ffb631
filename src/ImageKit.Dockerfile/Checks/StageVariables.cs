using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Which variables are set in a stage as one goes down its instructions, no build argument given.</summary>
internal sealed class StageVariables
{
    // Shorter names are near too many others to be called misspelled.
    private const int MinMisspelled = 4;

    private readonly CheckedFile _file;
    private readonly bool _isBaseKnown;

    // Shared with the stage below: a copy for each of ten thousand stages would be a hundred million entries.
    private ImmutableDictionary<string, string> _values;
    private ImmutableHashSet<string> _declared;

    private StageVariables(CheckedFile file, Stage stage, StageVariables? parent)
    {
        _file = file;
        Stage = stage;
        _values = parent?._values ?? ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
        _declared = parent?._declared ?? ImmutableHashSet.Create<string>(StringComparer.Ordinal);
        IReadOnlyCollection<string>? image = stage.Base is ExternalSource external ? file.Options.ImageVariables(external.Name) : [];
        _isBaseKnown = image is not null && (parent?._isBaseKnown ?? true);
        // The builder adds PATH where an image has none.
        _declared = _declared.Union(image ?? []).Add("PATH");
    }

    public Stage Stage { get; }

    /// <summary>One a stage in file order; each must be walked to its end before the next is taken.</summary>
    public static IEnumerable<StageVariables> OfAll(CheckedFile file)
    {
        StageVariables[] all = new StageVariables[file.Graph.Stages.Length];
        foreach (Stage stage in file.Graph.Stages)
        {
            all[stage.Index] = new(file, stage, stage.Base is StageOutput { Index: int index } ? all[index] : null);
            yield return all[stage.Index];
        }
    }

    /// <summary>The variables as they are now, whatever follows.</summary>
    public StageVariables Snapshot() => (StageVariables)MemberwiseClone();

    /// <summary>Value of a variable; empty if it is set to what only the build knows, null if it is not set.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name) ?? (_declared.Contains(name) ? "" : null);

    /// <summary>Value of a variable as far as the file tells it; null if it does not.</summary>
    public string? FindValue(string name) => _values.GetValueOrDefault(name);

    public void Apply(Instruction instruction)
    {
        switch (instruction)
        {
            case ArgInstruction arg:
                foreach (ArgDeclaration declaration in arg.Declarations) Declare(declaration);
                break;
            case EnvInstruction env:
                // All values are those before the instruction.
                List<(string Name, string Value)> pairs = [.. env.Pairs.Select(pair => (Expand(pair.Key), Expand(pair.Value)))];
                foreach ((string name, string value) in pairs) Set(name, value);
                break;
        }
    }

    /// <summary>What to say of a variable that is not set; null if nothing, as its base may set it.</summary>
    public string? Judge(string name)
    {
        string? near = _declared.Count > DidYouMean.MaxOptions ? null : DidYouMean.Find(name, _declared.Order(StringComparer.Ordinal));
        // A build argument that is declared before FROM only is meant, and not seen here.
        bool isSure = _isBaseKnown || (_file.Graph.GlobalArgs.ContainsKey(name) && !Stage.From.Image.Text.Contains(name, StringComparison.Ordinal));
        if (!isSure && (near is null || name.Length < MinMisspelled)) return null;
        return $"Usage of undefined variable '${name}'{(near is null ? "" : $" (did you mean ${near}?)")}";
    }

    private void Declare(ArgDeclaration declaration)
    {
        string name = declaration.Name.Text;
        string? value = declaration.Default is { } text ? Expand(text) : _file.Graph.GlobalValue(name);
        _declared = _declared.Add(name);
        if (value is not null) _values = _values.SetItem(name, value);
    }

    private void Set(string name, string value)
    {
        _declared = _declared.Add(name);
        _values = _values.SetItem(name, value);
    }

    private string Expand(Word word) => Expansion.Expand(word.Text, Find, _file.Syntax.Escape).Text;
}
