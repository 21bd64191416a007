# doc/leak.png from build/leak/: private memory and the largest gap, by cycle.
# gnuplot -e "tables='build/leak'; out='doc/leak.png'" tests/bench/leak.gp

set terminal pngcairo size 1200,800 font "sans,11" background "#ffffff"
set output out
set datafile separator "\t"

mib = 1048576.0
file(size, arch, reclaim) = tables."/".size."-".arch."-".reclaim.".tsv"
lines(size, arch, reclaim) = "< grep '^at' ".file(size, arch, reclaim)
end(size, arch, reclaim) = "< grep '^at' ".file(size, arch, reclaim)." | tail -n 1"

set style line 1 lw 2.5 lc rgb "#c0392b"
set style line 2 lw 2.5 lc rgb "#e59866" dt 2
set style line 3 lw 3   lc rgb "#1e8449"
set style line 4 lw 3   lc rgb "#2471a3" dt 2
set style line 5 pt 2 ps 2 lw 3 lc rgb "#c0392b"

set grid lc rgb "#dddddd"
set border 3
set tics nomirror out
set xrange [0:150]
set key left top Left reverse

set multiplot layout 2,2 title \
    "Open, read one frame, close: what one process holds after each cycle (simulator under Wine)" \
    font "sans,14"

do for [size in "2560x1440 3840x2160"] {
    set title size.": private committed memory"
    set xlabel "cycle"
    set ylabel "MiB"
    set yrange [0:*]
    plot lines(size, "x86_64", "off")  u 2:($5/mib) w l ls 2 t "64 bit, reclaim=off", \
         lines(size, "i686",   "off")  u 2:($5/mib) w l ls 1 t "32 bit, reclaim=off", \
         end  (size, "i686",   "off")  u 2:($5/mib) w p ls 5 t "32 bit: out of memory", \
         lines(size, "i686",   "auto") u 2:($5/mib) w l ls 3 t "32 bit, reclaim=auto", \
         lines(size, "x86_64", "auto") u 2:($5/mib) w l ls 4 t "64 bit, reclaim=auto"
}
set key right top Right noreverse
do for [size in "2560x1440 3840x2160"] {
    set title size.": largest free range of addresses, 32 bit"
    set yrange [0:600]
    plot lines(size, "i686", "off")  u 2:($6/mib) w l ls 1 t "reclaim=off", \
         end  (size, "i686", "off")  u 2:($6/mib) w p ls 5 t "out of memory", \
         lines(size, "i686", "auto") u 2:($6/mib) w l ls 3 t "reclaim=auto"
}
unset multiplot
