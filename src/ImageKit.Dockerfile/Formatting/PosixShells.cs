namespace ImageKit.Dockerfile;

/// <summary>Tells of each instruction whether a POSIX shell reads its shell form.</summary>
internal static class PosixShells
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "sh", "bash", "ash", "dash", "ksh", "zsh" };

    /// <summary>Whether a program is such a shell.</summary>
    public static bool IsPosix(string program) => Names.Contains(program[(program.LastIndexOf('/') + 1)..]);

    /// <summary>One answer an instruction.</summary>
    public static bool[] Of(DockerfileSyntax file)
    {
        // A backtick as escape character tells of Windows, whose shell is another.
        bool standard = file.Escape == '\\';
        Dictionary<string, bool> stages = new(StringComparer.OrdinalIgnoreCase);
        bool[] answers = new bool[file.Instructions.Length];
        bool current = standard;
        string? stage = null;
        for (int i = 0; i < answers.Length; i++)
        {
            if (file.Instructions[i] is FromInstruction from)
            {
                current = stages.GetValueOrDefault(from.Image.Text, standard);
                stage = from.StageName?.Text;
            }
            else if (file.Instructions[i] is ShellInstruction shell)
            {
                current = IsPosix(shell.Shell[0].Text);
            }

            if (stage is not null) stages[stage] = current;
            answers[i] = current;
        }

        return answers;
    }
}
