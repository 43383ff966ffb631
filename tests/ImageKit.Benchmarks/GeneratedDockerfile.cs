using System.Globalization;
using System.Text;

namespace ImageKit.Benchmarks;

/// <summary>A Dockerfile of many stages that hold what real ones do.</summary>
internal static class GeneratedDockerfile
{
    private const string Stage = """
        # the stage number @
        FROM debian:12 AS stage@
        ARG VERSION=1.2.3
        ENV PATH=/opt/app/bin:$PATH LANG=C.UTF-8
        LABEL org.opencontainers.image.title="thing @" org.opencontainers.image.version=$VERSION
        WORKDIR /src
        COPY --from=builder --chown=1000:1000 /out/a /out/b /app/
        COPY package.json package-lock.json ./
        RUN apt-get update && \
            apt-get install -y --no-install-recommends \
              curl ca-certificates git \
            && rm -rf /var/lib/apt/lists/*
        RUN --mount=type=cache,target=/root/.cache go build -o /out/app ./cmd/app
        RUN <<EOF
        set -e
        echo hello
        EOF
        EXPOSE 8080/tcp 9090
        USER app
        ENTRYPOINT ["/app/run", "--config", "/etc/app.conf"]
        CMD ["serve"]

        """;

    /// <summary>A text of at least a number of characters, all of them ASCII.</summary>
    public static string OfLength(int characters)
    {
        StringBuilder text = new(characters + Stage.Length);
        for (int i = 0; text.Length < characters; i++) text.Append(Stage.Replace("@", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return text.ToString();
    }
}
