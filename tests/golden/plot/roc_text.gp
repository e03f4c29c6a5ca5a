# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from roc.dat into roc.txt.
set terminal dumb noenhanced size 79,24 mono
set output 'roc.txt'
set encoding utf8
data = 'roc.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror

set title 'LFW' noenhanced
set logscale x
set xlabel 'False acceptance rate (FAR)' noenhanced
set xrange [0.1:1]
set xtics norotate autofreq
set format x '1e%L'
unset logscale y
set ylabel 'True acceptance rate [%]' noenhanced
set yrange [80:100.4]
set ytics norotate autofreq
set format y '%h'
set bmargin 4
set key inside bottom right vertical maxrows 4 Left reverse noenhanced samplen 2.2 spacing 1.2 width 0 noopaque nobox notitle
plot data index 0 using 1:(100*$2) with lines ls 1 notitle, \
     data index 2 using 1:(100*$2) with lines ls 2 notitle, \
     data index 1 using 1:(100*$2) with points ls 1 notitle, \
     data index 3 using 1:(100*$2) with points ls 2 notitle, \
     keyentry with lines lt nodraw title 'TAR [%] at FAR 1e-1' noenhanced, \
     keyentry with linespoints ls 1 title '95.00!  X' noenhanced, \
     keyentry with linespoints ls 2 title '88.33!  Y_2 & co' noenhanced, \
     keyentry with lines lt nodraw title '! fewer than 30 false matches' noenhanced
unset output
