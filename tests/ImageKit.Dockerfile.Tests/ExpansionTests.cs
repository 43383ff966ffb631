namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class ExpansionTests
{
    public static IEnumerable<TestCaseData> Rows(string file) =>
        from row in CaseFile.Rows(file)
        select new TestCaseData(row.Left, row.Right, row.Variables, row.Escape).SetArgDisplayNames($"line {row.Line}: {row.Left}");

    [TestCaseSource(nameof(Rows), new object[] { "expansion.txt" })]
    public void Expands(string text, string expected, IReadOnlyDictionary<string, string> variables, char escape)
    {
        ExpansionResult result = Expansion.Expand(text, variables.GetValueOrDefault, escape);
        Assert.That(result.Error is null ? result.Text : "error: " + result.Error, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Rows), new object[] { "words.txt" })]
    public void Splits_into_words(string text, string expected, IReadOnlyDictionary<string, string> variables, char escape)
    {
        ExpansionResult result = Expansion.Words(text, variables.GetValueOrDefault, escape);
        Assert.That(result.Error is null ? string.Concat(result.Words.Select(word => $"[{word}]")) : "error: " + result.Error, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Rows), new object[] { "heredoc-expansion.txt" })]
    public void Expands_a_heredoc(string text, string expected, IReadOnlyDictionary<string, string> variables, char escape)
    {
        Assert.That(escape, Is.EqualTo('\\'));
        ExpansionResult result = Expansion.ExpandHeredoc(text, variables.GetValueOrDefault);
        Assert.That(result.Error is null ? result.Text : "error: " + result.Error, Is.EqualTo(expected));
    }

    [Test]
    public void Tells_which_variables_were_used_and_which_are_not_set()
    {
        ExpansionResult result = Expansion.Expand("$a ${b:-x} $a $c ${d+y}", name => name is "a" or "d" ? "1" : null);
        Assert.That(result.Used, Is.EqualTo(["a", "d"]));
        Assert.That(result.Undefined, Is.EqualTo(["b", "c"]));
    }

    [TestCase("x $a ${b} ${c:-$a}", "x 1 ${b} ${c:-1}", TestName = "For display unset variables stay")]
    public void Expands_what_is_known(string text, string expected) =>
        Assert.That(Expansion.ExpandKnown(text, name => name == "a" ? "1" : null).Text, Is.EqualTo(expected));

    [Test]
    public void A_thousand_nested_substitutions_expand()
    {
        string text = string.Concat(Enumerable.Repeat("${a:-", 1000)) + "x" + new string('}', 1000);
        Assert.That(Expansion.Expand(text, _ => null).Text, Is.EqualTo("x"));
    }

    [Test]
    public void Deeper_nesting_than_the_stack_bears_is_an_error()
    {
        string text = string.Concat(Enumerable.Repeat("${a:-", 200_000));
        Assert.That(Expansion.Expand(text, _ => null).Error, Is.EqualTo("substitutions are nested too deeply"));
    }
}
