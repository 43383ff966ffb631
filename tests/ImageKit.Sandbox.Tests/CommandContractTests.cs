namespace ImageKit.Sandbox.Tests;

/// <summary>What every command can count on, whatever runs it and as whom. One keeper a case runs all of them.</summary>
[TestFixtureSource(typeof(Machine), nameof(Machine.Cases))]
internal sealed class CommandContractTests(string runtime, string user)
{
    private const string Status = "grep -E '^(Cap|Sec|NoNew)' /proc/self/status";

    private readonly Dictionary<string, RunAnswer> _answers = [];
    private string _home = "";
    private string _shared = "";

    // Root filesystems without overlayfs, under the same contract.
    private bool IsCopying => runtime == "copying";

    private string Runtime => IsCopying ? "auto" : runtime;

    private bool HasManyIds => user != Machine.Unknown;

    [OneTimeSetUp]
    public void Run()
    {
        Machine.Require(runtime, user);
        _home = Machine.NewFolder(user);
        _shared = Machine.NewFolder(user);
        Directory.CreateDirectory(Path.Combine(_shared, "vd"));
        Dictionary<string, RunOrder> orders = Orders();
        List<RunAnswer> answers = Machine.Ask(user, new KeeperOrder(_home, Runtime, Machine.BaseTar, [.. orders.Values], WithoutOverlay: IsCopying));
        Assert.That(answers, Has.Count.EqualTo(orders.Count), answers.LastOrDefault()?.Failure);
        foreach ((string name, RunAnswer answer) in orders.Keys.Zip(answers)) _answers[name] = answer;
    }

    [OneTimeTearDown]
    public void CleanUp()
    {
        Machine.Delete(_home);
        Machine.Delete(_shared);
    }

    private Dictionary<string, RunOrder> Orders() => new()
    {
        ["exit"] = RunOrder.Shell("exit 7"),
        ["streams"] = RunOrder.Shell("echo out; echo err >&2; cat"),
        ["environment"] = RunOrder.Of("env") with { Environment = ["PATH=/bin", "A=b c", "EMPTY="] },
        ["directory"] = RunOrder.Shell("pwd") with { WorkingDirectory = "/new/place" },
        ["status"] = RunOrder.Shell("id -u; id -g; " + Status),
        ["user"] = RunOrder.Shell("id -u; id -g; id -G; touch /etc/x; " + Status) with { Uid = 1000, Gid = 1001, Groups = [1001, 2000] },
        ["moved mount"] = RunOrder.Shell($"mkdir /else && mv /deep /else/deep && ln -s {_shared} /deep") with { Mounts = [new TemporaryMount("/deep/vd")] },
        ["root's group"] = RunOrder.Shell("id -G") with { Groups = [0] },
        ["refused"] = RunOrder.Shell("mount -t tmpfs none /tmp || hostname other || echo refused"),
        ["masked"] = RunOrder.Shell("cat /proc/kcore | wc -c; ls /proc/acpi /sys/firmware | grep -v : ; echo 1 > /proc/sys/vm/drop_caches; touch /sys/x"),
        ["host network"] = RunOrder.Shell("ip -o link | wc -l"),
        ["no network"] = RunOrder.Shell("ip -o link | wc -l; ip link show lo | grep -c UP; ls /sys/class/net") with { Network = RunNetwork.None },
        ["files"] = RunOrder.Shell("hostname; cat /etc/hosts; wc -c < /etc/resolv.conf; echo x >> /etc/hosts"),
        ["devices"] = RunOrder.Shell("cd /dev; ls; echo x > null; head -c 4 zero | wc -c; touch shm/x && echo shm; ls -d pts/ptmx; stat -c %a null /dev/shm; ls fd | wc -l"),
        ["missing"] = RunOrder.Of("nothing-like-it"),
        ["missing path"] = RunOrder.Of("/bin/nothing-like-it", "x"),
        ["not executable"] = RunOrder.Of("/bin/text"),
        ["garbage"] = RunOrder.Of("/bin/garbage"),
        ["mounts"] = RunOrder.Shell("touch /in/new /locked/x; echo mem > /memory/file; stat -f -c %T /memory; cat /other/data/one; touch /other/y; stat -c %a /memory")
            with
        { Mounts = [new BindMount(_shared, "/in", false), new BindMount(_shared, "/locked", true), new TemporaryMount("/memory", 1 << 20, 0x1C0), new LayersMount([], "/", "/other", true)] },
        ["file mount"] = RunOrder.Shell("cat /run/secrets/word; cat /part/four")
            with
        { Commit = true, Mounts = [new BindMount(Machine.BaseTar + ".word", "/run/secrets/word", true), new LayersMount([], "/data/sub", "/part", false)] },
        ["first"] = RunOrder.Shell("mkdir -p /data/made && echo hello > /data/made/file && rm /data/one && rm -r /data/sub && mkdir /data/sub && echo five > /data/sub/five && touch /data/two && mv /etc/passwd /etc/users")
            with
        { Commit = true, Epoch = 12345 },
        ["second"] = RunOrder.Shell("cat /data/made/file; find /data | wc -l; stat -c %Y /data/made/file /data/two; ls /data/sub; ls /etc; rm -r /data/sub; stat -c %u:%g /owned") with { Commit = true },
        ["third"] = RunOrder.Shell("ls /data; ls -d /dev /proc /sys /etc/resolv.conf") with { Commit = true },
        ["failed"] = RunOrder.Shell("touch /lost; exit 1") with { Commit = true },
        ["after failure"] = RunOrder.Shell("ls /lost"),
        ["owner"] = RunOrder.Shell("touch /tmp/mine && chown 5:6 /tmp/mine && stat -c %u:%g /tmp/mine") with { Commit = true },
        ["ignored owner"] = RunOrder.Shell("touch /tmp/yours; chown 5 /tmp/yours 2> /tmp/said || true") with { Commit = true },
        ["root's owner"] = RunOrder.Shell("touch /tmp/ours && chown 0:0 /tmp/ours") with { Commit = true },
        ["fifo"] = RunOrder.Shell("rm -f /etc/passwd && mkfifo /etc/passwd") with { Commit = true },
        ["after fifo"] = RunOrder.Shell("true"),
    };

    [SetUp]
    public void SeeThatItRan() => Assert.That(_answers, Is.Not.Empty);

    [Test]
    public void The_exit_code_is_the_commands_own() => Assert.That(_answers["exit"].ExitCode, Is.EqualTo(7));

    [Test]
    public void Output_and_errors_come_apart_and_input_is_empty() => Assert.That(_answers["streams"], Has.Property("Output").EqualTo("out\n").And.Property("Errors").EqualTo("err\n").And.Property("ExitCode").Zero);

    [Test]
    public void The_environment_is_what_was_asked_for_and_nothing_else() =>
        Assert.That(Lines("environment").Where(line => !line.StartsWith("container=", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "PATH=/bin", "A=b c", "EMPTY=", "HOME=/root" }));

    [Test]
    public void The_working_directory_is_made() => Assert.That(_answers["directory"].Output, Is.EqualTo("/new/place\n"));

    [Test]
    public void Root_has_Dockers_capabilities_a_filter_and_no_new_privileges() => Assert.That(Lines("status"), Is.EqualTo(new[]
    {
        "0", "0", "CapInh:\t0000000000000000", "CapPrm:\t00000000a80425fb", "CapEff:\t00000000a80425fb", "CapBnd:\t00000000a80425fb", "CapAmb:\t0000000000000000",
        "NoNewPrivs:\t1", "Seccomp:\t2", "Seccomp_filters:\t1",
    }));

    [Test]
    public void Another_user_has_its_ids_and_no_capabilities()
    {
        if (HasManyIds)
        {
            Assert.That(Lines("user"), Is.EqualTo(new[]
            {
                "1000", "1001", "1001 2000", "CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapBnd:\t00000000a80425fb", "CapAmb:\t0000000000000000",
                "NoNewPrivs:\t1", "Seccomp:\t2", "Seccomp_filters:\t1",
            }));
            Assert.That(_answers["user"].Errors, Does.Contain("Permission denied"));
        }
        else
        {
            Assert.That(_answers["user"].Failure, Does.StartWith("IK5010").And.Contain("single"));
        }
    }

    [Test]
    public void Mount_points_are_taken_away_inside_the_root_alone()
    {
        Assert.That(_answers["moved mount"].ExitCode, Is.Zero, _answers["moved mount"].Errors);
        Assert.That(Directory.Exists(Path.Combine(_shared, "vd")), "a directory of the machine that a link of the command leads to");
    }

    [Test]
    public void Account_files_that_are_none_hold_nothing_up() => Assert.That(_answers["after fifo"].Failure, Does.StartWith("IK5006").And.Contain("FIFO"));

    [Test]
    public void Roots_own_group_can_be_named_everywhere() => Assert.That(Lines("root's group")[0].Split(' '), Has.Member("0"), _answers["root's group"].Failure);

    [Test]
    public void Mounting_and_renaming_the_machine_are_refused() => Assert.That(_answers["refused"].Output, Is.EqualTo("refused\n"));

    [Test]
    public void Kernel_secrets_are_masked_and_switches_are_read_only()
    {
        Assert.That(Lines("masked"), Is.EqualTo(new[] { "0" }).Or.EqualTo(new[] { "0", "" }));
        Assert.That(_answers["masked"].Errors, Does.Contain("drop_caches: Read-only file system").And.Contain("/sys/x: Read-only file system"));
    }

    [Test]
    public void The_machines_network_is_shared_on_request() => Assert.That(int.Parse(Lines("host network")[0]), Is.EqualTo(Machine.NetworkDevices));

    [Test]
    public void Without_network_there_is_a_loopback_device_alone() => Assert.That(Lines("no network"), Is.EqualTo(new[] { "1", "1", "lo" }));

    [Test]
    public void Names_are_resolved_and_the_hostname_is_fixed()
    {
        List<string> lines = Lines("files");
        Assert.That(lines[0], Is.EqualTo("buildkitsandbox"));
        Assert.That(lines[1], Does.Contain("localhost buildkitsandbox"));
        Assert.That(int.Parse(lines[^1]), Is.EqualTo(new FileInfo("/etc/resolv.conf").Length));
        Assert.That(_answers["files"].Errors, Does.Contain("Read-only"));
    }

    [Test]
    public void Devices_are_the_harmless_ones() => Assert.That(Lines("devices").Where(line => line != "core" && line != "console"), Is.EqualTo(new[]
    {
        "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero", "4", "shm", "pts/ptmx", "666", "1777", "4",
    }));

    [TestCase("missing", 127)]
    [TestCase("missing path", 127)]
    [TestCase("not executable", 126)]
    [TestCase("garbage", 126)]
    public void A_program_that_cannot_run_gives_Dockers_exit_code(string name, int expected)
    {
        Assert.That(_answers[name].ExitCode, Is.EqualTo(expected), _answers[name].Failure);
        Assert.That(_answers[name].Errors, Does.StartWith("exec: \""));
    }

    [Test]
    public void Mounts_are_where_they_should_be()
    {
        Assert.That(_answers["mounts"].Errors, Does.Contain("/locked/x: Read-only").And.Contain("/other/y: Read-only"));
        Assert.That(Lines("mounts"), Is.EqualTo(new[] { "tmpfs", "one700" }), _answers["mounts"].Failure);
        Assert.That(Path.Combine(_shared, "new"), Does.Exist);
    }

    [Test]
    public void Mount_points_leave_no_trace()
    {
        Assert.That(_answers["file mount"].Output, Is.EqualTo("the word\nsub/four"), _answers["file mount"].Failure);
        Assert.That(_answers["file mount"].Entries, Is.Empty);
    }

    [Test]
    public void Changes_become_a_layer_the_same_everywhere()
    {
        Assert.That(_answers["first"].Entries, Is.EqualTo(new[]
        {
            "Directory data 755 0:0 12345", "File data/.wh.one 0 0:0 12345", "Directory data/made 755 0:0 12345", "File data/made/file 644 0:0 12345",
            "Directory data/sub 755 0:0 12345", "File data/sub/.wh..wh..opq 0 0:0 12345", "File data/sub/five 644 0:0 12345",
            "Directory etc 755 0:0 12345", "File etc/.wh.passwd 0 0:0 12345", "File etc/users 644 0:0 12345",
        }), _answers["first"].Failure);
    }

    [Test]
    public void The_next_command_sees_what_the_last_one_did_with_the_layers_times()
    {
        Assert.That(Lines("second"), Is.EqualTo(new[]
        {
            "hello", "6", "12345", "1000000000", "five", "hosts", "resolv.conf", "users", HasManyIds ? "5:6" : "0:0",
        }), _answers["second"].Failure);
        Assert.That(_answers["second"].Entries, Is.EqualTo(new[] { "Directory data 755 0:0 0", "File data/.wh.sub 0 0:0 0" }));
        Assert.That(Lines("third")[..2], Is.EqualTo(new[] { "made", "two" }));
        Assert.That(_answers["third"].Entries, Is.Empty);
    }

    [Test]
    public void A_command_that_fails_changes_nothing()
    {
        Assert.That(_answers["failed"].NewLayer, Is.Null);
        Assert.That(_answers["after failure"].Errors, Does.Contain("No such file"));
    }

    [Test]
    public void Owners_are_kept_or_the_command_fails_with_a_code()
    {
        if (HasManyIds) Assert.That(_answers["owner"].Entries, Does.Contain("File tmp/mine 644 5:6 0"));
        else Assert.That(_answers["owner"].Failure, Does.StartWith("IK5010").And.Contain("user 5, group 6").And.Contain("subuid"));
    }

    [Test]
    public void No_layer_has_wrong_owners_though_the_command_cares_for_no_failure()
    {
        if (HasManyIds) Assert.That(_answers["ignored owner"].Entries, Does.Contain("File tmp/yours 644 5:0 0"));
        else Assert.That(_answers["ignored owner"].Failure, Does.StartWith("IK5010").And.Contain("user 5."));
        Assert.That(_answers["root's owner"].Entries, Does.Contain("File tmp/ours 644 0:0 0"));
    }

    [Test]
    public void Nothing_is_left_on_the_machine()
    {
        Assert.That(File.ReadAllText("/proc/self/mountinfo"), Does.Not.Contain(_home));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_home, "layers", "runs")), Is.Empty);
    }

    [Test]
    public void It_ran_by_the_runtime_asked_for()
    {
        Assert.That(_answers["exit"].Runtime, Does.EndWith(IsCopying ? "" : runtime));
        Assert.That(_answers["exit"].Mode, Is.EqualTo(user == Machine.Root ? KeeperMode.Root : HasManyIds ? KeeperMode.SubordinateIds : KeeperMode.SingleId));
        Assert.That(_answers["exit"].Warnings, Has.Length.EqualTo((HasManyIds ? 0 : 1) + (IsCopying ? 1 : 0)));
    }

    private List<string> Lines(string name) => [.. _answers[name].Output.TrimEnd('\n').Split('\n')];
}
