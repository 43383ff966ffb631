namespace ImageKit.Registry;

/// <summary>Ends a request with an answer that says why it is not done. Never leaves <see cref="RegistryProtocol"/>.</summary>
internal sealed class ServedRefusal(ServedAnswer answer, Exception? inner = null) : Exception($"Refused with status {answer.Status}.", inner)
{
    public ServedAnswer Answer => answer;
}
