from eclipse-temurin:21-jdk as build
workdir /build
copy pom.xml mvnw ./
copy .mvn .mvn
run ./mvnw -B dependency:go-offline
copy src src
run ./mvnw -B package -DskipTests

from eclipse-temurin:21-jre
workdir /opt/service
copy --from=build /build/target/*.jar service.jar
env JAVA_OPTS -Xmx512m
env SPRING_DATASOURCE_PASSWORD=changeme
expose 8080:8080
VOLUME ['/data']
entrypoint exec java $JAVA_OPTS -jar service.jar
cmd ["--server.port=8080"]
