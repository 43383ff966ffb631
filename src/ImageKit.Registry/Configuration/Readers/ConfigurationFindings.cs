using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Collects what is found while one configuration file is read.</summary>
internal sealed class ConfigurationFindings(string file)
{
    private readonly ImmutableArray<ConfigurationDiagnostic>.Builder _found = ImmutableArray.CreateBuilder<ConfigurationDiagnostic>();

    public ImmutableArray<ConfigurationDiagnostic> Found => _found.ToImmutable();

    public ConfigurationPlace At(int line, int column = 0) => new(file, line, column);

    public void Error(ConfigurationPlace place, string message, string mend = "") => _found.Add(new(true, place, message, mend));

    public void Warning(ConfigurationPlace place, string message, string mend = "") => _found.Add(new(false, place, message, mend));
}
