namespace ImageKit.Dockerfile;

/// <summary>Reads RUN.</summary>
internal static class RunParser
{
    private static readonly KnownFlag[] Flags =
    [
        new("mount", FlagKind.Texts), new("network", FlagKind.Text), new("security", FlagKind.Text), new("device", FlagKind.Texts),
    ];

    public static RunInstruction? Parse(InstructionContext context)
    {
        FlagReader flags = new(context, Flags);
        if (context.Arguments.IsEmpty)
        {
            context.ArgumentError("RUN requires at least one argument", "Write the command to run.");
            return null;
        }

        CommandParser.MarkLine(context);
        if (context.Header.Flags.IsEmpty && context.Heredocs.IsEmpty) return new(context.ToSource());
        RunOptions options = new()
        {
            Mounts = [.. flags.Texts("mount").Select(value => Mount(context, value)).OfType<MountFlag>()],
            Network = Network(context, flags.Text("network")),
            Security = Security(context, flags.Text("security")),
            Devices = [.. flags.Texts("device").Select(value => Device(context, value)).OfType<DeviceFlag>()],
            SoleHeredoc = SoleHeredoc(context),
        };
        return new(context.ToSource()) { Options = options };
    }

    private static Heredoc? SoleHeredoc(InstructionContext context)
    {
        if (context.Heredocs is not [var heredoc]) return null;
        return HeredocOpening.Parse(new(context.Arguments.Text.ToString(), default)) is null ? null : heredoc;
    }

    private static MountFlag? Mount(InstructionContext context, Word value)
    {
        if (MountParser.Parse(value, out Diagnostic? fault) is not { } mount)
        {
            context.Error(fault!);
            return null;
        }

        // What no variable can change is wrong now; the rest shows once variables are known.
        if (MountParser.LiteralFault(mount, context.Escape) is { } wrong) context.Error(wrong);
        return mount;
    }

    private static RunNetwork Network(InstructionContext context, Word? value)
    {
        switch (value?.Text)
        {
            case null or "default": return RunNetwork.Default;
            case "none": return RunNetwork.None;
            case "host": return RunNetwork.Host;
        }

        string message = $"unsupported network mode {GoQuote.Quote(value.Value.Text)}";
        context.Error(Faults.Value(value.Value.Span, message + DidYouMean.Suffix(value.Value.Text, ["default", "none", "host"]), "Write default, none or host."));
        return default;
    }

    private static RunSecurity Security(InstructionContext context, Word? value)
    {
        switch (value?.Text)
        {
            case null or "sandbox": return RunSecurity.Sandbox;
            case "insecure": return RunSecurity.Insecure;
        }

        string message = $"security {GoQuote.Quote(value.Value.Text)} is not valid";
        context.Error(Faults.Value(value.Value.Span, message + DidYouMean.Suffix(value.Value.Text, ["sandbox", "insecure"]), "Write sandbox or insecure."));
        return default;
    }

    private static DeviceFlag? Device(InstructionContext context, Word value)
    {
        string[] parts = value.Text.Split(',');
        bool required = false;
        string? name = null;
        foreach (string part in parts)
        {
            if (part is "required") required = true;
            else if (part.StartsWith("required=", StringComparison.Ordinal)) required = GoBoolean.Parse(part[9..]) ?? false;
            else if (part.StartsWith("name=", StringComparison.Ordinal)) name = part[5..];
            else name ??= part;
        }

        if (!string.IsNullOrEmpty(name)) return new(new(name, value.Span), required);
        context.Error(Faults.Value(value.Span, "a device needs a name", "Write --device=vendor/class=name."));
        return null;
    }
}
