using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageKit;

/// <summary>ImageKit in a container of services.</summary>
public static class ServiceRegistration
{
    /// <summary>Adds one <see cref="ImageKitClient"/> for the whole application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets what is not to be as usual.</param>
    public static IServiceCollection AddImageKit(this IServiceCollection services, Action<ImageKitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => ImageKitClient.Create(configure ?? (static _ => { })));
        return services;
    }
}
