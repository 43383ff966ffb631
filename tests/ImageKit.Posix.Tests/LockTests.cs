using System.Diagnostics;

namespace ImageKit.Posix.Tests;

public sealed class LockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imagekit-lock-").FullName;

    private string File => Path.Combine(_directory, "lock");

    [OneTimeTearDown]
    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void An_exclusive_lock_excludes_all_others()
    {
        using (FileLock held = FileLock.TryAcquire(File)!)
        {
            Assert.That(held, Is.Not.Null);
            Assert.That(FileLock.TryAcquire(File), Is.Null);
            Assert.That(FileLock.TryAcquire(File, shared: true), Is.Null);
        }
        using FileLock? again = FileLock.TryAcquire(File);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void Shared_leases_exclude_only_the_exclusive_lock()
    {
        using FileLock? a = FileLock.TryAcquire(File, shared: true);
        using FileLock? b = FileLock.TryAcquire(File, shared: true);
        Assert.That(b, Is.Not.Null);
        Assert.That(FileLock.TryAcquire(File), Is.Null);
    }

    [Test]
    public async Task Waits_until_the_lock_is_free()
    {
        FileLock held = FileLock.TryAcquire(File)!;
        Task<FileLock> waiting = FileLock.AcquireAsync(File);
        await Task.Delay(60);
        Assert.That(waiting.IsCompleted, Is.False);
        held.Dispose();
        (await waiting).Dispose();
    }

    [Test]
    public void Waiting_can_be_cancelled()
    {
        using FileLock held = FileLock.TryAcquire(File)!;
        using var source = new CancellationTokenSource(50);
        Assert.That(async () => await FileLock.AcquireAsync(File, cancel: source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, Platform("Linux")]
    public async Task Another_process_is_excluded_and_its_death_releases()
    {
        FileLock.TryAcquire(File)!.Dispose();
        using var other = Process.Start(new ProcessStartInfo("flock", ["-s", File, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.That(other.StandardOutput.ReadLine(), Is.EqualTo("held"));
        Assert.That(FileLock.TryAcquire(File), Is.Null);
        using (FileLock? lease = FileLock.TryAcquire(File, shared: true)) Assert.That(lease, Is.Not.Null);
        other.Kill(entireProcessTree: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)); // its children die a little later
        (await FileLock.AcquireAsync(File, cancel: patience.Token)).Dispose();
    }

    [Test]
    public void Files_and_directories_are_synced()
    {
        string path = Path.Combine(_directory, "data");
        using (Microsoft.Win32.SafeHandles.SafeFileHandle file = System.IO.File.OpenHandle(path, FileMode.Create, FileAccess.Write)) Durable.Sync(file);
        Durable.SyncDirectory(_directory);
        if (!OperatingSystem.IsWindows()) Assert.That(() => Durable.SyncDirectory(path + "-missing"), Throws.InstanceOf<PosixException>());
    }
}
