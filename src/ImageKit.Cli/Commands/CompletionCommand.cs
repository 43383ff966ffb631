using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>Prints what a shell needs to complete this tool's command lines; the shell asks the tool itself by its `[suggest]` directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _imagekit() {
          local IFS=$'\n'
          COMPREPLY=($(imagekit "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
          [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o filenames -F _imagekit imagekit
        """;

    private const string Zsh = """
        #compdef imagekit
        _imagekit() {
          local -a words_found
          words_found=("${(@f)$(imagekit "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          [[ -n "${words_found[1]}" ]] && compadd -a words_found || _files
        }
        compdef _imagekit imagekit
        """;

    private const string Fish = """
        complete -c imagekit -a '(imagekit "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command.WithExamples("source <(imagekit completion bash)", "imagekit completion fish > ~/.config/fish/completions/imagekit.fish");
    }
}
