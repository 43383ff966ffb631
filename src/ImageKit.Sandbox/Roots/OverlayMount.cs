using System.Globalization;
using System.Runtime.InteropServices;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Mounts stacks of directories as one, by overlayfs.</summary>
/// <seealso href="https://docs.kernel.org/6.18/filesystems/overlayfs.html"/>
/// <param name="mode">Which options it takes.</param>
/// <param name="old">Mounts as kernels before 6.5 need it, from the start.</param>
internal sealed class OverlayMount(KeeperMode mode, bool old = false)
{
    /// <summary>The most lower directories that one overlay takes; deeper stacks are overlays of overlays, which the kernel allows once.</summary>
    private const int MostLowers = 500;

    /// <summary>The options of mount(2) must fit into one page, at some 20 characters a directory.</summary>
    private const int MostLowersOfOldKernels = 120;

    private const int SetFlag = 0, SetString = 1, Create = 6;
    private const int EmptyPath = 4, CurrentDirectory = -100;
    private const int PathOnlyDirectory = 0x210000; // O_PATH | O_DIRECTORY

    private bool _old = old;

    /// <summary>Mounts.</summary>
    /// <param name="lowers">The lower directories, lowest first; at least one.</param>
    /// <param name="upper">Takes the changes; null for a read-only mount.</param>
    /// <param name="work">An empty directory beside <paramref name="upper"/>.</param>
    /// <param name="target">Where, an empty directory. Where deep stacks need a place for their lower half, it is made beside this.</param>
    /// <exception cref="PosixException">Overlayfs is refused here.</exception>
    public void Mount(IReadOnlyList<string> lowers, string? upper, string? work, string target)
    {
        int most = _old ? MostLowersOfOldKernels : MostLowers;
        if (lowers.Count > most)
        {
            string half = target + "-lower";
            Directory.CreateDirectory(half);
            Mount([.. lowers.Take(most)], null, null, half);
            lowers = [half, .. lowers.Skip(most)];
        }
        // A read-only overlay wants two lower directories at least.
        if (upper is null && lowers.Count == 1)
        {
            if (Libc.mount(lowers[0], target, null, (ulong)(MountFlags.Bind | MountFlags.Recursive), null) != 0) throw Refused(target);
            return;
        }
        if (!_old && MountByParts(lowers, upper, work, target)) return;
        _old = true;
        if (lowers.Count > MostLowersOfOldKernels) Mount(lowers, upper, work, target);
        else MountAtOnce(lowers, upper, work, target);
    }

    // With redirects or metadata-only copies an upper directory would not be complete by itself.
    private IEnumerable<(string Key, string? Value)> Options(string? upper, string? work)
    {
        if (mode == KeeperMode.Root)
        {
            yield return ("redirect_dir", "off");
            yield return ("metacopy", "off");
            yield return ("index", "off");
        }
        else
        {
            yield return ("userxattr", null); // implies the same
        }
        if (upper is null) yield break;
        yield return ("upperdir", upper);
        yield return ("workdir", work);
        yield return ("volatile", null); // unmounting need not write the disk's caches out: a crash loses the run anyway
    }

    /// <summary>Kernels from 6.5 on take any number of long names one by one.</summary>
    /// <returns>Whether this kernel does.</returns>
    private unsafe bool MountByParts(IReadOnlyList<string> lowers, string? upper, string? work, string target)
    {
        using NativeText type = new("overlay");
        int context = (int)SystemCall.Do(SystemCall.FileSystemOpen, type.Address, 1); // close on exec
        if (context < 0) return false;
        int mount = -1;
        try
        {
            foreach (string lower in lowers.Reverse())
            {
                if (Configure(context, "lowerdir+", lower)) continue;
                if (Marshal.GetLastPInvokeError() == Errno.EINVAL) return false;
                throw Refused(target);
            }
            foreach ((string key, string? value) in Options(upper, work))
            {
                if (!Configure(context, key, value)) throw Refused(target);
            }
            if (SystemCall.Do(SystemCall.FileSystemConfigure, context, Create) != 0) throw Refused(target);
            mount = (int)SystemCall.Do(SystemCall.FileSystemMount, context, 1);
            if (mount < 0) throw Refused(target);
            using NativeText empty = new(""), place = new(target);
            if (SystemCall.Do(SystemCall.MoveMount, mount, empty.Address, CurrentDirectory, place.Address, EmptyPath) != 0) throw Refused(target);
            return true;
        }
        finally
        {
            if (mount >= 0) _ = Libc.close(mount);
            _ = Libc.close(context);
        }
    }

    private static bool Configure(int context, string key, string? value)
    {
        using NativeText name = new(key), text = new(value ?? "");
        return SystemCall.Do(SystemCall.FileSystemConfigure, context, value is null ? SetFlag : SetString, name.Address, value is null ? 0 : text.Address) == 0;
    }

    // One page for all options: directories are named by open descriptors, which are short.
    private void MountAtOnce(IReadOnlyList<string> lowers, string? upper, string? work, string target)
    {
        List<int> open = [];
        try
        {
            string Short(string path)
            {
                int descriptor = Libc.open(path, PathOnlyDirectory | 0x80000);
                if (descriptor < 0) throw PosixException(path);
                open.Add(descriptor);
                return string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}");
            }
            IEnumerable<string> options = Options(upper is null ? null : Short(upper), work is null ? null : Short(work))
                .Select(option => option.Value is null ? option.Key : $"{option.Key}={option.Value}");
            string all = $"lowerdir={string.Join(':', lowers.Reverse().Select(Short))},{string.Join(',', options)}";
            if (Libc.mount("overlay", target, "overlay", 0, all) != 0) throw Refused(target);
        }
        finally
        {
            foreach (int descriptor in open) _ = Libc.close(descriptor);
        }
    }

    private static PosixException Refused(string target) => PosixException(target);

    private static PosixException PosixException(string path) => new(Marshal.GetLastPInvokeError(), "mount by overlayfs", path);
}
