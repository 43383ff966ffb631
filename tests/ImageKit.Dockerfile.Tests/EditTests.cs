using CsCheck;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class EditTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        CaseFile.Blocks("edits.txt").Select(block => new TestCaseData(Input(block.RawInput), block.Expected).SetArgDisplayNames(block.Name));

    // The «…» of a case stand around the file alone.
    private static string Input(string raw)
    {
        int file = raw.TrimEnd('\n').LastIndexOf('«');
        return file < 0 ? CaseFile.Decode(raw) : raw[..file] + CaseFile.Decode(raw[file..]);
    }

    /// <summary>First lines: <c>edit NAME [INSTRUCTION] ARGUMENTS</c>, instructions counted from 0; then the file.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Changes_nothing_else(string input, string expected)
    {
        string[] lines = input.Split('\n');
        int count = lines.TakeWhile(line => line.StartsWith("edit ", StringComparison.Ordinal)).Count();
        DockerfileSyntax file = DockerfileParser.Parse(string.Join('\n', lines[count..]));
        DockerfileEdits edits = lines[..count].Aggregate(file.Edit(), (edits, line) => Edit(edits, file, line[5..]));
        Assert.That(edits.Apply().Text, Is.EqualTo(CaseFile.Decode(expected)));
    }

    private static DockerfileEdits Edit(DockerfileEdits edits, DockerfileSyntax file, string line)
    {
        string[] parts = line.Split(' ', 3);
        Instruction at = file.Instructions[parts.Length > 1 && int.TryParse(parts[1], out int index) ? index : 0];
        if (at is OnbuildInstruction onbuild) at = onbuild.Trigger;
        string text = parts[^1].Replace('|', '\n');
        return parts[0] switch
        {
            "image" => edits.ReplaceImage((FromInstruction)at, text),
            "flag" when text.Split('=', 2) is [var name, var value] => edits.SetFlag(at, name, value),
            "flag" => edits.SetFlag(at, text, null),
            "unflag" => edits.RemoveFlag(at, text),
            "before" => edits.InsertBefore(at, text),
            "after" => edits.InsertAfter(at, text),
            "replace" => edits.Replace(at, text),
            "remove" => edits.Remove(at),
            "append" => edits.Append(line[7..].Replace('|', '\n')),
            _ => throw new InvalidDataException(line),
        };
    }

    private static readonly DockerfileSyntax[] Files =
        [.. TreeTests.Cases().Select(row => DockerfileParser.Parse((string)row.Arguments[0]!)).Where(file => !file.HasErrors)];

    private static readonly Gen<(DockerfileSyntax File, int Index)> Places =
        Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Int[0, 1000], (file, index) => (Files[file], index % Files[file].Instructions.Length));

    [Test]
    public void An_instruction_put_in_leaves_the_others_as_they_are() => Places.Sample(place =>
    {
        (DockerfileSyntax file, int index) = place;
        string[] before = [.. file.Instructions.Select(instruction => instruction.Text)];
        Assert.That(Texts(file.Edit().InsertAfter(file.Instructions[index], "USER x").Apply()), Is.EqualTo([.. before[..(index + 1)], "USER x", .. before[(index + 1)..]]));
        Assert.That(Texts(file.Edit().InsertBefore(file.Instructions[index], "USER x").Apply()), Is.EqualTo([.. before[..index], "USER x", .. before[index..]]));
        Assert.That(Texts(file.Edit().Append("USER x").Apply()), Is.EqualTo([.. before, "USER x"]));
    }, iter: 2000);

    [Test]
    public void An_instruction_taken_out_leaves_the_others_as_they_are() => Places.Sample(place =>
    {
        (DockerfileSyntax file, int index) = place;
        string[] before = [.. file.Instructions.Select(instruction => instruction.Text)];
        Assert.That(Texts(file.Edit().Remove(file.Instructions[index]).Apply()), Is.EqualTo([.. before[..index], .. before[(index + 1)..]]), file.Text);
    }, iter: 2000);

    [Test]
    public void Replaced_images_and_flags_are_read_back() => Gen.Select(Places, Gen.String.Where(text => text.AsSpan().IndexOfAny('\r', '\n') < 0)).Sample(row =>
    {
        ((DockerfileSyntax file, int index), string value) = row;
        Instruction changed = file.Edit().SetFlag(file.Instructions[index], "chown", value).Apply().Instructions[index];
        Assert.That(changed.Flags.First(flag => flag.Name == "chown").Value!.Value.Text, Is.EqualTo(value));
        if (file.Instructions[index] is not FromInstruction from) return;
        DockerfileSyntax moved = file.Edit().ReplaceImage(from, "reg:5000/a/b:c@sha256:d").Apply();
        FromInstruction after = (FromInstruction)moved.Instructions[index];
        Assert.That((after.Image.Text, after.StageName?.Text), Is.EqualTo(("reg:5000/a/b:c@sha256:d", from.StageName?.Text)));
        Assert.That(moved.Text.Length - file.Text.Length, Is.EqualTo(after.Image.Text.Length - from.Image.Span.Length));
    }, iter: 2000);

    private static IEnumerable<string> Texts(DockerfileSyntax file) => file.Instructions.Select(instruction => instruction.Text);

    [Test]
    public void Faulty_edits_are_refused()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a\nUSER b");
        FromInstruction from = (FromInstruction)file.Instructions[0];
        Assert.That(() => file.Edit().ReplaceImage(from, "a b"), Throws.ArgumentException);
        Assert.That(() => file.Edit().SetFlag(from, "x y", "1"), Throws.ArgumentException);
        Assert.That(() => file.Edit().SetFlag(from, "platform", "a\nb"), Throws.ArgumentException);
        Assert.That(() => file.Edit().Replace(new SourceSpan(0, 100, 1, 1), ""), Throws.ArgumentException);
        Assert.That(() => DockerfileParser.Parse("FROM a\nUSER b ").Edit().Remove(from), Throws.ArgumentException);
        Assert.That(() => file.Edit().Remove(from).ReplaceImage(from, "x").Apply(), Throws.InvalidOperationException);
    }
}
