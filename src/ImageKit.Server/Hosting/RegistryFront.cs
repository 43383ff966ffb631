using System.Diagnostics;
using ImageKit.Registry;
using Microsoft.AspNetCore.Http;

namespace ImageKit.Server;

/// <summary>What becomes of a request: who may do it, whose it is, the answer, the line in the log.</summary>
internal sealed class RegistryFront(RegistryProtocol protocol, FrontRules rules)
{
    private const int ClientWentAway = 499;

    public async Task HandleAsync(HttpContext context)
    {
        Exchange exchange = new(rules.Time.GetUtcNow(), Stopwatch.GetTimestamp(), AnswerWriting.TargetOf(context));
        CancellationToken cancel = context.RequestAborted;
        try
        {
            ServedAnswer answer = await AnswerAsync(AnswerWriting.Read(context), OriginOf(context), exchange, cancel).ConfigureAwait(false);
            exchange.Status = answer.Status;
            if (answer.Status >= 400) await AnswerWriting.DrainAsync(context, cancel).ConfigureAwait(false);
            exchange.Fault = answer.Fault is { } fault ? Reason(fault) : exchange.Fault;
            exchange.Origin = answer.Headers.Find(header => header.Key == "X-Cache").Value;
            await AnswerWriting.WriteAsync(context, answer, sent => exchange.Sent = sent, cancel).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            exchange.Fault = error.Message;
            await RefuseAsync(context, exchange, ServedAnswer.Error(error.StatusCode, "UNKNOWN", error.Message), drains: false).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it is, one request must not end without a line in the log.
            if (!cancel.IsCancellationRequested) exchange.Fault = Reason(error);
            await RefuseAsync(context, exchange, Failure(error), drains: true).ConfigureAwait(false);
        }
        finally
        {
            Report(context, exchange);
        }
    }

    private async Task<ServedAnswer> AnswerAsync(ServedRequest request, string origin, Exchange exchange, CancellationToken cancel)
    {
        if (rules.Tokens is { } tokens && request.Path == TokenGate.Path)
        {
            (ServedAnswer token, exchange.User) = await tokens.IssueAsync(request, cancel).ConfigureAwait(false);
            return token;
        }
        if (rules.Gate is not null)
        {
            if (rules.TellsApart) request = WithoutBlindMount(request);
            Admission admission = await rules.Gate.AdmitAsync(rules.TellsApart ? Named(request) : request, origin, cancel).ConfigureAwait(false);
            exchange.User = admission.User;
            if (admission.Refusal is { } refusal) return refusal.With("Docker-Distribution-API-Version", "registry/2.0");
        }
        if (rules.IsReadOnly && request.Method is not ("GET" or "HEAD")) return ServedAnswer.Error(405, "UNSUPPORTED", "this registry is read-only");
        bool cancels = request.Path.Contains("/blobs/uploads/", StringComparison.Ordinal); // takes nothing away that was kept
        if (rules.RefusesDeletion && request.Method == "DELETE" && !cancels) return ServedAnswer.Error(405, "UNSUPPORTED", "this registry deletes nothing");
        try
        {
            string? meant = null;
            RegistryProtocol chosen = rules.Mirrors?.Choose(request, out meant) ?? protocol;
            ServedAnswer answer = await chosen.HandleAsync(request, cancel).ConfigureAwait(false);
            return meant is null ? answer : answer.With("OCI-Namespace", meant);
        }
        catch (ServedRefusal refusal)
        {
            exchange.Fault = refusal.InnerException is { } fault ? Reason(fault) : null;
            return refusal.Answer;
        }
    }

    // A blob that is mounted from wherever it is may come from where this user may not look.
    private static ServedRequest WithoutBlindMount(ServedRequest request) =>
        request.Ask("from") is null && request.Ask("mount") is not null ? request with { Query = [.. request.Query.Where(pair => pair.Key != "mount")] } : request;

    // Rights speak of mirrored repositories by the mirror's name, however the client says which registry it means.
    private ServedRequest Named(ServedRequest request) =>
        request.Ask("ns") is { Length: > 0 } spoken && rules.Mirrors?.NameOf(spoken) is { } name && RegistryProtocol.RepositoryOf(request.Path) is not null ? request with { Path = $"/v2/{name}{request.Path[3..]}" } : request;

    // Where nothing was said yet, the client is told; else the connection ends short of what it promised, so that nobody takes it for whole.
    private static async Task RefuseAsync(HttpContext context, Exchange exchange, ServedAnswer answer, bool drains)
    {
        bool gone = context.RequestAborted.IsCancellationRequested;
        if (gone || context.Response.HasStarted)
        {
            exchange.Status = gone ? ClientWentAway : exchange.Status == 0 ? answer.Status : exchange.Status;
            context.Abort();
            return;
        }
        exchange.Status = answer.Status;
        try
        {
            context.Response.Clear();
            if (drains) await AnswerWriting.DrainAsync(context, context.RequestAborted).ConfigureAwait(false);
            await AnswerWriting.WriteAsync(context, answer, sent => exchange.Sent = sent, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            exchange.Status = ClientWentAway; // in between, or it sends what is no HTTP
            context.Abort();
        }
    }

    private static ServedAnswer Failure(Exception error) =>
        (error as ServedRefusal)?.Answer ?? ServedAnswer.Error(error is RegistryException ? 502 : 500, "UNKNOWN", "the registry could not do this; its log says why");

    private string OriginOf(HttpContext context) => rules.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}";

    private void Report(HttpContext context, Exchange exchange) => rules.Log?.Report(new(exchange.Time, context.Connection.RemoteIpAddress?.ToString() ?? "", exchange.User, context.Request.Method,
        exchange.Target, exchange.Status, exchange.Sent, Stopwatch.GetElapsedTime(exchange.Started), exchange.Origin, exchange.Fault));

    private static string Reason(Exception error)
    {
        string text = error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message;
        // What nobody thought of is told with its kind and place: its text alone says little.
        bool known = error is ImageKitException or ServedRefusal or IOException or UnauthorizedAccessException or OperationCanceledException;
        return known ? text : $"{error.GetType().Name}: {text} {error.StackTrace?.Split('\n')[0].Trim()}";
    }

    private sealed class Exchange(DateTimeOffset time, long started, string target)
    {
        public DateTimeOffset Time => time;

        public long Started => started;

        public string Target => target;

        public string? User { get; set; }

        public int Status { get; set; }

        public long Sent { get; set; }

        public string? Origin { get; set; }

        public string? Fault { get; set; }
    }
}

/// <summary>What holds for all requests.</summary>
internal sealed record FrontRules
{
    public IAccessGate? Gate { get; init; }

    public TokenGate? Tokens { get; init; }

    public MirrorRouting? Mirrors { get; init; }

    /// <summary>Whether some may do with one repository what they may not do with another.</summary>
    public bool TellsApart { get; init; }

    public string? PublicUrl { get; init; }

    public bool IsReadOnly { get; init; }

    public bool RefusesDeletion { get; init; }

    public IProgress<ServedExchange>? Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
