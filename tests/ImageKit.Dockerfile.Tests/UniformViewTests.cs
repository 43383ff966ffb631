namespace ImageKit.Dockerfile.Tests;

/// <summary>What can be read of every instruction, whether it makes sense or not.</summary>
[TestFixture]
internal sealed class UniformViewTests
{
    public static IEnumerable<TestCaseData> Trees() =>
        CaseFile.Blocks("notation.txt").Select(block => new TestCaseData(block.Input, block.Expected).SetArgDisplayNames(block.Name));

    [TestCaseSource(nameof(Trees))]
    public void Prints_in_the_notation_of_BuildKit(string input, string expected) =>
        Assert.That(DockerfileParser.Parse(input).ToTreeText(), Is.EqualTo(expected + "\n"));

    [TestCase("COPY --nope=1 a b", "COPY", "nope=1", "a|b", false, TestName = "an unknown flag")]
    [TestCase("what ever", "WHAT", "", "ever", false, TestName = "an unknown instruction")]
    [TestCase("HEALTHCHECK --interval=x CMD [\"a\"]", "HEALTHCHECK", "interval=x", "CMD|a", true, TestName = "a health check with a bad duration")]
    [TestCase("SHELL --f []", "SHELL", "f", "", true, TestName = "an empty array")]
    [TestCase("ENV a=b c", "ENV", "", "a|b|c", false, TestName = "a pair without a value")]
    [TestCase("ONBUILD FROM x", "ONBUILD", "", "FROM x", false, TestName = "a trigger that is not allowed")]
    public void Faulty_instructions_tell_what_they_are(string line, string name, string flags, string arguments, bool isJson)
    {
        Instruction instruction = DockerfileParser.Parse("FROM a\n" + line).Instructions[1];
        Assert.That(instruction.Name, Is.EqualTo(name));
        Assert.That(string.Join(' ', instruction.Flags.Select(flag => flag.Value is { } value ? $"{flag.Name}={value}" : flag.Name)), Is.EqualTo(flags));
        Assert.That(string.Join('|', instruction.Arguments), Is.EqualTo(arguments));
        Assert.That(instruction.IsJson, Is.EqualTo(isJson));
    }

    [Test]
    public void An_instruction_has_its_lines_and_its_text()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a\n# about\nRUN b \\\n  # c\n  d <<E\nbody\nE\nUSER e\n");
        Instruction run = file.Instructions[1];
        Assert.That((run.Span.Line, run.EndLine), Is.EqualTo((3, 7)));
        Assert.That(run.Original, Is.EqualTo("RUN b \\\n  # c\n  d <<E\nbody\nE"));
        Assert.That(run.Text, Is.EqualTo("RUN b   d <<E"));
        Assert.That(file.Instructions[2].EndLine, Is.EqualTo(8));
    }

    [TestCase("# syntax = docker/dockerfile:1.4 // why\nFROM a", "docker/dockerfile:1.4")]
    [TestCase("#!/usr/bin/env x\n# syntax=docker/dockerfile\nFROM a", "docker/dockerfile")]
    [TestCase("//syntax=foo\n//x=y\n", "foo")]
    [TestCase("{\"syntax\": \"foo\"}", "foo")]
    [TestCase("#!/bin/x\n{\"syntax\": \"foo\"}", "foo")]
    [TestCase("FROM a\n# syntax=foo", null)]
    [TestCase("\n# syntax=foo\nFROM a", null)]
    public void Tells_the_language_that_a_file_names(string text, string? frontend) =>
        Assert.That(DockerfileParser.Parse(text).Frontend?.Text, Is.EqualTo(frontend));

    [Test]
    public void Beyond_a_thousand_faults_are_counted()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a\n" + string.Concat(Enumerable.Repeat("x\n", 2500)));
        Assert.That(file.Diagnostics, Has.Length.EqualTo(1001));
        Assert.That(file.Diagnostics[^1].ToString(), Is.EqualTo("1002:1: error IK3024: and 1500 more, from here on. Mend those before first."));
        Assert.That(file.Instructions, Has.Length.EqualTo(2501));
    }

    [Test]
    public void A_thousand_faults_are_all_told() =>
        Assert.That(DockerfileParser.Parse("FROM a\n" + string.Concat(Enumerable.Repeat("x\n", 1000))).Diagnostics, Has.Length.EqualTo(1000).And.All.Property("Code").EqualTo("IK3005"));

    [Test]
    public void Warnings_beyond_the_limit_make_no_error() =>
        Assert.That(DockerfileParser.Parse("FROM a\n" + string.Concat(Enumerable.Repeat("RUN x \\\n\n y\n", 1001))).HasErrors, Is.False);
}
