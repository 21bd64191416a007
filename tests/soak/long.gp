# What a long capture held, and how it kept its time, from a table of tests/soak/long.t.
# gnuplot -e "table='build/soak/long-3600-x86_64-wine-8.tsv'; out='long.png'" tests/soak/long.gp

set terminal pngcairo size 1200,1000 font "sans,11" background "#ffffff"
set output out
set datafile separator "\t"

mib = 1048576.0
lines = "< grep '^at' ".table
modes = "< grep '^mode' ".table
outages = "< grep '^outage' ".table

set style line 1 lw 2 lc rgb "#c0392b"
set style line 2 lw 2 lc rgb "#2471a3"
set style line 3 lw 2 lc rgb "#1e8449"
set style line 4 lw 2 lc rgb "#e59866"

set grid lc rgb "#dddddd"
set border 3
set tics nomirror out
set xlabel "second"
set yrange [0:*]
set key above left Left reverse

set multiplot layout 2,2 title \
    "One capture of 30 pictures a second, with modes and outages (simulator under Wine)" font "sans,14"

set title "Private memory, MiB"
plot lines u 2:($10/mib) w l ls 1 t "all", lines u 2:($5/mib) w l ls 2 t "but for frames", \
     lines u 2:4 w l ls 4 t "frames (number)"
set title "av\\_malloc() but for frames, KiB"
plot lines u 2:($3/1024) w l ls 1 notitle
set title "Handles, GDI and USER objects, threads"
plot lines u 2:6 w l ls 1 t "handles", lines u 2:7 w l ls 2 t "GDI", lines u 2:8 w l ls 3 t "USER", \
     lines u 2:9 w l ls 4 t "threads"
set title "Between two packets, ms; slots without a packet"
plot lines u 2:12 w l ls 4 t "at most", lines u 2:11 w l ls 1 t "99 %", lines u 2:13 w l ls 2 t "slots, in all", \
     modes u 2:(0) w p pt 7 ps 0.5 lc rgb "#555555" t "mode", outages u 2:(0) w p pt 2 ps 1 lc rgb "#000000" t "outage"
unset multiplot
