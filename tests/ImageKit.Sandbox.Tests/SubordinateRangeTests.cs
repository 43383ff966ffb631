namespace ImageKit.Sandbox.Tests;

/// <summary>The files that give users further ids.</summary>
internal sealed class SubordinateRangeTests
{
    [Test]
    public void Rows_are_found_by_name_and_by_number()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "other:1:2\nme:100000:65536\n1000:300000:10\nme:nonsense:1\nme:5:0\n");
        Assert.That(SubordinateRange.Read(path, "me", 1000), Is.EqualTo(new[] { new SubordinateRange(100000, 65536), new SubordinateRange(300000, 10) }));
        File.Delete(path);
    }

    [Test]
    public void A_missing_file_gives_nothing() => Assert.That(SubordinateRange.Read("/nothing/like/it", "me", 1), Is.Empty);

    [Test]
    public void The_user_is_root_inside_and_the_ranges_follow() =>
        Assert.That(SubordinateRange.ToMap(1000, [new(100000, 65536), new(300000, 10)]), Is.EqualTo("0 1000 1 1 100000 65536 65537 300000 10".Split(' ')));
}
