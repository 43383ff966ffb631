// The keeper: see KeeperProcess in ImageKit.Sandbox, which holds all of it.
return await ImageKit.Sandbox.KeeperProcess.RunAsync(args);
