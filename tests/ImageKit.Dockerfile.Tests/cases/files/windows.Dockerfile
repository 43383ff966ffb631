# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS base
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
WORKDIR C:\service
RUN Invoke-WebRequest -Uri https://example.com/agent.zip -OutFile agent.zip; `
    Expand-Archive agent.zip -DestinationPath C:\service; `
    Remove-Item agent.zip
COPY config.json C:\service\
ENV AGENT_HOME=C:\service
USER ContainerUser
ENTRYPOINT ["C:\\service\\agent.exe"]
