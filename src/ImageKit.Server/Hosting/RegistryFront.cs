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
            (exchange.Status, exchange.Fault) = (error.StatusCode, error.Message);
            if (!context.Response.HasStarted) context.Response.StatusCode = error.StatusCode;
            else context.Abort();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ServedRefusal or ImageKitException)
        {
            // Nothing can be said any more, or nobody listens: the connection ends short of what it promised, so nobody takes it for whole.
            exchange.Fault = cancel.IsCancellationRequested ? null : Reason(error);
            exchange.Status = exchange.Fault is null ? ClientWentAway : exchange.Status == 0 ? 500 : exchange.Status;
            context.Abort();
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
            Admission admission = await rules.Gate.AdmitAsync(request, origin, cancel).ConfigureAwait(false);
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
        catch (Exception error) when (error is ImageKitException or UnauthorizedAccessException or (IOException and not BadHttpRequestException) && !cancel.IsCancellationRequested)
        {
            exchange.Fault = Reason(error);
            return ServedAnswer.Error(error is RegistryException ? 502 : 500, "UNKNOWN", "the registry could not do this; its log says why");
        }
    }

    private string OriginOf(HttpContext context) => rules.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}";

    private void Report(HttpContext context, Exchange exchange) => rules.Log?.Report(new(exchange.Time, context.Connection.RemoteIpAddress?.ToString() ?? "", exchange.User, context.Request.Method,
        exchange.Target, exchange.Status, exchange.Sent, Stopwatch.GetElapsedTime(exchange.Started), exchange.Origin, exchange.Fault));

    private static string Reason(Exception error) => error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message;

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

    public string? PublicUrl { get; init; }

    public bool IsReadOnly { get; init; }

    public bool RefusesDeletion { get; init; }

    public IProgress<ServedExchange>? Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
