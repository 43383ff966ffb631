FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG CONFIGURATION=Release
WORKDIR /source
COPY *.sln Directory.Build.props ./
COPY src/Shop/Shop.csproj src/Shop/
RUN dotnet restore src/Shop
COPY src src
RUN dotnet publish src/Shop -c $CONFIGURATION -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS final
WORKDIR /app
COPY --from=build /app .
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["dotnet", "Shop.dll"]
