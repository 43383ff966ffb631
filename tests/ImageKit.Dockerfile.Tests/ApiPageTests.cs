namespace ImageKit.Dockerfile.Tests;

/// <summary>The examples of <c>docs/dockerfile-api.md</c> stand here between <c>// example</c> and <c>// end</c>: so they compile, and what they give is asserted.</summary>
[TestFixture]
internal sealed class ApiPageTests
{
    private const string Text = """
        # syntax=docker/dockerfile:1
        FROM golang:1.22 AS build
        COPY --chown=1000 . /src
        RUN <<EOF
        go build
        EOF

        FROM debian:12
        COPY --from=build /app /app
        CMD ["/app"]

        """;

    [Test]
    public void Parses()
    {
        List<string> seen = [];
        string text = Text;

        // example
        DockerfileSyntax file = DockerfileParser.Parse(text); // never throws for what stands in the text

        foreach (Diagnostic fault in file.Diagnostics) seen.Add(fault.ToString());
        foreach (Instruction instruction in file.Instructions)
        {
            seen.Add($"{instruction.Span.Line}: {instruction.Name} {string.Join(" | ", instruction.Arguments)}");
            if (instruction is CopyInstruction { From: { } from }) seen.Add($"copies from {from}");
            foreach (Heredoc heredoc in instruction.Heredocs) seen.Add($"{heredoc.Name}: {heredoc.Content}");
        }
        // end

        Assert.That(seen, Is.EqualTo([
            "2: FROM golang:1.22 | AS | build", "3: COPY . | /src", "4: RUN <<EOF", "EOF: go build\n", "8: FROM debian:12", "9: COPY /app | /app", "copies from build", "10: CMD /app",
        ]));
    }

    [Test]
    public void Tokens_are_the_text()
    {
        string text = Text;

        // example
        DockerfileSyntax file = DockerfileParser.Parse(text);
        bool isWhole = string.Concat(file.Tokens.Select(token => token.Text)) == text;
        IEnumerable<SourceSpan> keywords = file.Tokens.Where(token => token.Kind == TokenKind.Keyword).Select(token => token.Span);
        // end

        Assert.That(isWhole, Is.True);
        Assert.That(keywords.Count(), Is.EqualTo(6));
    }

    [Test]
    public void Prints_the_tree()
    {
        string text = "FROM a AS b\nENV x=1\nONBUILD RUN y\n";

        // example
        string tree = DockerfileParser.Parse(text).ToTreeText();
        // end

        Assert.That(tree, Is.EqualTo("(from \"a\" \"AS\" \"b\")\n(env \"x\" \"1\" \"=\")\n(onbuild (run \"y\"))\n"));
    }

    [Test]
    public void Edits()
    {
        string text = "# base\nFROM debian:11 \\\n  AS base\nRUN make\n";

        // example
        DockerfileSyntax file = DockerfileParser.Parse(text);
        FromInstruction from = file.Instructions.OfType<FromInstruction>().First();
        DockerfileSyntax changed = file.Edit()
            .ReplaceImage(from, "debian:12")
            .SetFlag(from, "platform", "linux/amd64")
            .InsertAfter(from, "LABEL org.opencontainers.image.title=thing")
            .Append("USER 1000")
            .Apply();
        // end

        Assert.That(changed.ToString(), Is.EqualTo("# base\nFROM --platform=linux/amd64 debian:12 \\\n  AS base\nLABEL org.opencontainers.image.title=thing\nRUN make\nUSER 1000\n"));
    }

    [Test]
    public void Expands()
    {
        // example
        Dictionary<string, string> variables = new() { ["VERSION"] = "v1.2.3", ["PORTS"] = "80 443/tcp" };

        string text = Expansion.Expand("app-${VERSION#v}-${ARCH:-amd64}.tar", variables).Text;
        string? error = Expansion.Expand("${ARCH:?say for what}", variables).Error;
        IEnumerable<string> words = Expansion.Words("$PORTS \"a b\"", variables).Words;
        // end

        Assert.That(text, Is.EqualTo("app-1.2.3-amd64.tar"));
        Assert.That(error, Is.EqualTo("ARCH: say for what"));
        Assert.That(words, Is.EqualTo(["80", "443/tcp", "a b"]));
    }

    [Test]
    public void Finds_stages()
    {
        string text = Text;

        // example
        DockerfileSyntax file = DockerfileParser.Parse(text);
        StageGraph graph = StageGraph.Create(file, new StageGraphOptions { Target = "build", BuildArgs = name => Environment.GetEnvironmentVariable(name) });
        IEnumerable<string> needed = graph.Needed.Select(stage => stage.ToString());
        // end

        Assert.That(graph.Diagnostics, Is.Empty);
        Assert.That(needed, Is.EqualTo(["build"]));
    }

    [Test]
    public void Ignores()
    {
        // example
        IgnorePatterns ignore = IgnorePatterns.Parse("**/bin\n*.md\n!README.md\n");

        bool isIgnored = ignore.IsIgnored("src/bin/app.dll", isDirectory: false);
        bool isKept = !ignore.IsIgnored("README.md", isDirectory: false);
        bool canBePassedOver = ignore.CanSkipDirectory("src/bin");
        // end

        Assert.That((isIgnored, isKept, canBePassedOver), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void Reads_git_references()
    {
        // example
        GitReferenceResult result = GitReference.TryParse("https://example.com/team/app.git?branch=main&subdir=src");
        string read = result.IsGood ? $"{result.Reference.Remote} {result.Reference.Ref} {result.Reference.Subdirectory}" : result.Error ?? "no git reference";
        // end

        Assert.That(read, Is.EqualTo("https://example.com/team/app.git refs/heads/main src"));
    }

    [Test]
    public void Checks()
    {
        string text = "FROM debian\nRUN cd /tmp\n";

        // example
        DockerfileSyntax file = DockerfileParser.Parse(text);
        CheckReport report = CheckTable.Run(file, new CheckOptions { Strict = true });
        IEnumerable<string?> found = report.Diagnostics.Select(diagnostic => diagnostic.Rule);
        // end

        Assert.That(found, Is.EqualTo(["UnpinnedBase", "LostShellState"]));
    }

    [Test]
    public void Formats()
    {
        string text = "from debian:12\nrun a && \\\n b\n";

        // example
        FormatResult result = DockerfileFormat.Format(DockerfileParser.Parse(text), new FormatOptions { Indent = 2 });
        // end

        Assert.That(result.Text, Is.EqualTo("FROM debian:12\nRUN a && \\\n  b\n"));
    }

    [Test]
    public void The_page_has_these_examples_in_this_order() => Assert.That(OfPage(CaseFile.Read("dockerfile-api.md")), Is.EqualTo(OfTests(Source())));

    private static IEnumerable<string> OfPage(string page) => page.Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]);

    private static IEnumerable<string> OfTests(string source) => source.ReplaceLineEndings("\n").Split("        // example\n").Skip(1)
        .Select(part => string.Join('\n', part.Split("        // end\n")[0].TrimEnd('\n').Split('\n').Select(line => line.Length > 8 ? line[8..] : "")));

    private static string Source() => CaseFile.Read("ApiPageTests.cs");
}
