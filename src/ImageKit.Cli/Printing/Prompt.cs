using System.Text;
using ImageKit.Cli.Parsing;

namespace ImageKit.Cli.Printing;

/// <summary>Asks on the terminal.</summary>
internal static class Prompt
{
    public static string Line(string question)
    {
        Require();
        Console.Error.Write(question);
        return Console.ReadLine() ?? throw new UsageException("Nothing was entered.");
    }

    /// <summary>Reads without showing what is typed.</summary>
    public static string Secret(string question)
    {
        Require();
        Console.Error.Write(question);
        var secret = new StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key == ConsoleKey.Backspace) secret.Length = Math.Max(0, secret.Length - 1);
            else if (!char.IsControl(key.KeyChar)) secret.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return secret.ToString();
    }

    private static void Require()
    {
        if (Console.IsInputRedirected) throw new UsageException("There is no terminal to ask on.", "Give --username and --password-stdin.");
    }
}
