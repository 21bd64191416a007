# What the device adds to the API's own time, over the size of the picture, beside one memcpy()
# of it. Lines of the data: width height added copy ratio, microseconds.
set terminal pngcairo size 900,540 font "sans,11"
set output picture
set grid lc rgb "#dddddd"
set border 3
set tics nomirror out
set key left top Left reverse
set title "What the device adds to each frame (stand-in with a synthetic picture, under Wine)"
set xlabel "million pixels"
set ylabel "milliseconds"
set xrange [0:*]
set yrange [0:*]
plot data u ($1*$2/1e6):($3/1e3) w lp lw 2 pt 7 lc rgb "#c0392b" t "device", \
     data u ($1*$2/1e6):($4/1e3) w lp lw 2 pt 6 lc rgb "#555555" t "memcpy() of one frame"
