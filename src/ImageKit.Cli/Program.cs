using ImageKit.Cli;

return await Tool.RunAsync(args);
