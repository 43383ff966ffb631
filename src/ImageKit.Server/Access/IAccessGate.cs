using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Decides who may do what.</summary>
internal interface IAccessGate
{
    /// <summary>Lets a request pass, or says why not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="origin">The URL that the client reaches this server by, without a path.</param>
    /// <param name="cancel">Stops the work.</param>
    ValueTask<Admission> AdmitAsync(ServedRequest request, string origin, CancellationToken cancel);
}
