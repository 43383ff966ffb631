FROM composer:2 AS vendor
COPY composer.json composer.lock ./
RUN composer install --no-dev --no-scripts --prefer-dist

FROM php:8.3-apache
RUN apt-get update && apt-get install libzip-dev unzip \
    && docker-php-ext-install zip pdo_mysql \
    && rm -rf /var/lib/apt/lists/*
RUN a2enmod rewrite # for the front controller
COPY --from=vendor /app/vendor /var/www/html/vendor
COPY . /var/www/html
RUN chown -R www-data:www-data /var/www/html/storage
VOLUME /var/www/html/storage
RUN mkdir -p /var/www/html/storage/logs
ENV APP_ENV=production APP_KEY=base64:AAAA
