FROM ubuntu
MAINTAINER Jane Doe <jane@example.com>
ENV LANG C.UTF-8
RUN apt-get update
RUN apt-get install -y nginx
ADD http://example.com/site.tar.gz /tmp/site.tar.gz
RUN tar xzf /tmp/site.tar.gz -C /var/www
WORKDIR var/www
ADD start.sh /start.sh # runs everything
RUN export FLAVOUR=blue
EXPOSE 80
ENTRYPOINT /start.sh
CMD start
