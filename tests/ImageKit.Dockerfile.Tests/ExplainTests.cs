using System.Xml.Linq;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class ExplainTests
{
    private const string Text = """
        FROM golang:1.23 AS build
        COPY . .
        RUN --mount=type=cache,target=/c --mount=from=tools:1,target=/t make
        FROM build AS test
        RUN x
        FROM --platform=linux/arm64 scratch
        COPY --from=build a b /x/
        COPY --from=0 c <<E /y/
        E
        """;

    private static StageDiagram Diagram(string text) => StageDiagram.Of(StageGraph.Create(DockerfileParser.Parse(text), new()));

    [Test]
    public void As_text() => Assert.That(StageDiagramText.ToText(Diagram(Text)), Is.EqualTo("""
        build (line 1)
            from    golang:1.23
            copies  build context (line 2)
            mounts  tools:1 (line 3)
            steps   1 COPY, 1 RUN
        test (line 4, not needed by the target)
            from    build
            steps   1 RUN
        stage 2 (line 6, the target)
            from    scratch for linux/arm64
            copies  build (line 7)
            steps   2 COPY

        """));

    [Test]
    public void As_Mermaid() => Assert.That(StageDiagramText.ToMermaid(Diagram(Text)), Is.EqualTo("""
        flowchart LR
            n0(["golang:1.23"])
            n1[/"build context"/]
            n2(["tools:1"])
            n3["build<br/>1 COPY, 1 RUN"]
            n4["test<br/>1 RUN"]:::unused
            n5["stage 2<br/>2 COPY"]:::target
            n0 ==> n3
            n1 -->|copy| n3
            n2 -.->|mount| n3
            n3 ==> n4
            n3 -->|copy| n5
            classDef target stroke-width:3px
            classDef unused stroke-dasharray:4,opacity:0.6

        """));

    [Test]
    public void The_picture_is_XML_with_a_box_for_each_node_and_a_line_for_each_use()
    {
        XElement svg = XElement.Parse(StageDiagramPicture.ToSvg(Diagram(Text)));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.That(svg.Elements(ns + "g").Count(), Is.EqualTo(6));
        Assert.That(svg.Elements(ns + "path").Select(path => path.Attribute("class")!.Value), Is.EqualTo(new[] { "base", "copy", "mount", "base", "copy" }));
        Assert.That(svg.Descendants(ns + "text").Select(text => text.Value), Does.Contain("golang:1.23"));
    }

    [Test]
    public void Boxes_do_not_overlap_and_users_stand_right_of_what_they_use()
    {
        StageDiagram diagram = Diagram(Text);
        DiagramLayout layout = DiagramLayout.Of(diagram);
        foreach (DiagramLink link in diagram.Links) Assert.That(layout.Boxes[link.From].Right, Is.LessThan(layout.Boxes[link.To].X));
        foreach (DiagramBox one in layout.Boxes.Values)
            foreach (DiagramBox other in layout.Boxes.Values.Where(box => box != one))
                Assert.That(one.Right <= other.X || other.Right <= one.X || one.Y + one.Height <= other.Y || other.Y + other.Height <= one.Y, Is.True);
    }

    [Test]
    public void The_page_takes_nothing_from_outside()
    {
        string page = StageDiagramPicture.ToHtml(Diagram(Text), "a<b>");
        Assert.That(page, Does.Contain("<h1>a&lt;b&gt;</h1>").And.Not.Contain("<script").And.Not.Contain("src=").And.Not.Contain("href").And.Not.Contain("@import"));
        Assert.That(page.Replace("http://www.w3.org/2000/svg", ""), Does.Not.Contain("://"));
    }

    [Test]
    public void Names_are_escaped()
    {
        StageDiagram diagram = Diagram("FROM \"a<b&c\"");
        Assert.That(XElement.Parse(StageDiagramPicture.ToSvg(diagram)).Value, Does.Contain("a<b&c"));
        Assert.That(StageDiagramText.ToMermaid(diagram), Does.Contain("a#lt;b#amp;c"));
    }

    [TestCase("", TestName = "nothing")]
    [TestCase("FROM a AS b\nCOPY --from=c x y\nFROM b AS c", TestName = "stages in a circle")]
    [TestCase("FROM a AS a\nFROM $X\nCOPY --from=7 a b", TestName = "names of nothing")]
    public void Faulty_files_are_drawn_too(string text)
    {
        StageDiagram diagram = Diagram(text);
        Assert.That(StageDiagramPicture.ToHtml(diagram, "x") + StageDiagramText.ToText(diagram) + StageDiagramText.ToMermaid(diagram), Is.Not.Empty);
    }
}
