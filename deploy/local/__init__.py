"""One machine: real MongoDB, real RabbitMQ and every process of Safe Space, without Docker."""
