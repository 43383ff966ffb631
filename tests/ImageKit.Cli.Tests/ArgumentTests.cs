using System.CommandLine;
using ImageKit.Cli.Commands;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Tests;

public sealed class ArgumentTests
{
    private static RunArguments Run => new(CommandTree.Create(new()).Subcommands.First(command => command.Name == "run").Options);

    [TestCase("run -id busybox", "-d", TestName = "an unknown letter among known ones stands for its word")]
    [TestCase("run -it -w /x --privileged busybox", "-it -w  --privileged", TestName = "values are no flags")]
    [TestCase("run -e -d busybox -x", "-e ", TestName = "a value that looks like a flag is none, nor is what belongs to the command")]
    public void Run_knows_its_own_flags(string given, string expected) => Assert.That(string.Join(' ', Run.Flags(given.Split(' '))), Is.EqualTo(expected));

    [TestCase("run busybox ls -l", "run -- busybox ls -l", TestName = "the command keeps its options")]
    [TestCase("run --rm -it busybox sh -i", "run --rm -it -- busybox sh -i", TestName = "flags before the image stay options")]
    [TestCase("run -e A=b -w /x busybox env", "run -e A=b -w /x -- busybox env", TestName = "an option takes its value along")]
    [TestCase("run --env=A=b busybox", "run --env=A=b -- busybox", TestName = "a value after an equals sign")]
    [TestCase("run -itw /x busybox", "run -itw /x -- busybox", TestName = "the last of bundled letters takes the value")]
    [TestCase("run -eA=b busybox", "run -eA=b -- busybox", TestName = "a value glued to its letter")]
    [TestCase("run -- busybox", "run -- busybox", TestName = "what is separated stays as it is")]
    [TestCase("run --rm", "run --rm", TestName = "without an image nothing is separated")]
    [TestCase("build -t a .", "build -t a .", TestName = "other commands stay as they are")]
    public void Run_separates_the_command_from_its_own_options(string given, string expected) =>
        Assert.That(string.Join(' ', Run.Separate(given.Split(' '))), Is.EqualTo(expected));

    [TestCase("build", "--ssh default .", "--ssh", TestName = "a flag of Docker's build")]
    [TestCase("build", "--cache-from=a .", "--cache-from", TestName = "a flag with its value")]
    [TestCase("run", "-d busybox", "-d", TestName = "a short flag of Docker's run")]
    [TestCase("run", "-p80:80 busybox", "-p", TestName = "a short flag with its value glued to it")]
    public void A_flag_of_Dockers_that_is_missing_here_is_refused_by_name(string command, string arguments, string flag) =>
        Assert.That(() => DockerFlags.Refuse(command, arguments.Split(' ')), Throws.TypeOf<UsageException>().With.Message.Contains(flag));

    [TestCase("referrers ls app --formatt json", "'imagekit referrers ls' knows no flag --formatt")]
    [TestCase("manifest get app --nothing", "'imagekit manifest get --help'")]
    [TestCase("pull app --nothing", "'imagekit pull' knows no flag --nothing")]
    [TestCase("nothing", "There is no command 'nothing'")]
    public void An_unknown_word_is_told_with_the_command_that_knows_it_not(string words, string expected) =>
        Assert.That(UnknownWords.Find(CommandTree.Create(new()).Parse(words.Split(' ')))!.Message, Does.Contain(expected));

    [Test]
    public void No_flag_is_both_supported_and_refused()
    {
        foreach (Command command in CommandTree.Create(new()).Subcommands)
            foreach (string name in command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith('-')))
                Assert.That(() => DockerFlags.Refuse(command.Name, [name]), Throws.Nothing, $"{command.Name} {name}");
    }

    [TestCase("500", 500L, TestName = "bare bytes")]
    [TestCase("5kB", 5_000L, TestName = "decimal units")]
    [TestCase("2GiB", 2_147_483_648L, TestName = "binary units")]
    [TestCase("1.5G", 1_500_000_000L, TestName = "a fraction")]
    public void Sizes(string text, long bytes) => Assert.That(SizeText.Bytes(text), Is.EqualTo(bytes));

    [TestCase("", TestName = "an empty size")]
    [TestCase("GB", TestName = "a unit alone")]
    [TestCase("-5MB", TestName = "a negative size")]
    public void Bad_sizes(string text) => Assert.That(() => SizeText.Bytes(text), Throws.TypeOf<UsageException>());

    [TestCase("30m", 1800, TestName = "minutes")]
    [TestCase("24h", 86400, TestName = "hours")]
    [TestCase("7d", 604800, TestName = "days")]
    public void Ages(string text, int seconds) => Assert.That(SizeText.Age(text), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(0L, "0B")]
    [TestCase(999L, "999B")]
    [TestCase(1000L, "1kB")]
    [TestCase(1_234_567L, "1.23MB")]
    [TestCase(77_800_000L, "77.8MB")]
    [TestCase(509_000_000L, "509MB")]
    public void Sizes_read_as_Docker_prints_them(long bytes, string expected) => Assert.That(HumanText.Size(bytes), Is.EqualTo(expected));

    [Test]
    public void Every_command_has_examples_in_its_help()
    {
        foreach (Command command in CommandTree.Create(new()).Subcommands)
        {
            var output = new StringWriter();
            command.Parse("--help").Invoke(new InvocationConfiguration { Output = output });
            Assert.That(output.ToString(), Does.Contain("Examples:").And.Contain("imagekit " + command.Name));
        }
    }
}
