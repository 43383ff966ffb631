namespace ImageKit.Sandbox.Tests;

/// <summary>Takes the base layer away when all tests are done.</summary>
[SetUpFixture]
internal sealed class BaseCleanup
{
    [OneTimeTearDown]
    public void Delete() => Machine.Delete(Path.GetDirectoryName(Machine.BaseTar)!);
}
