FROM Ubuntu
MAINTAINER someone
ENV password hunter2
RUN cd /opt
RUN apt-get update
RUN apt-get install curl
ADD https://example.com/x.tgz /opt
COPY . /opt/app # the app
WORKDIR app
EXPOSE 8080:80
ENTRYPOINT ["/opt/app/run.sh",]
CMD run --config $CONFG
HEALTHCHECK --interval=5 CMD true
COPY --chmod=64a x /y
RUN --mount=type=cahce,target=/c make
