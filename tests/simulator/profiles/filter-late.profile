# Each list takes effect one frame late.
filter = late
