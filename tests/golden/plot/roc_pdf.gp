# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from roc.dat into roc.pdf.
set terminal pdfcairo size 3.5in,2.661in font 'Helvetica,8' fontscale 0.75 linewidth 1
set output 'roc.pdf'
set encoding utf8
data = 'roc.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1

set label 'LFW' at graph 0.5, screen 0.9591 center norotate noenhanced
set lmargin at screen 0.1435
set rmargin at screen 0.9524
set bmargin at screen 0.1520
set tmargin at screen 0.9181
set label 'False acceptance rate (FAR)' at graph 0.5, screen 0.0409 center norotate noenhanced
set label 'True acceptance rate [%]' at screen 0.0311, graph 0.5 center rotate by 90 noenhanced
set logscale x
set xrange [0.1:1]
set xtics norotate autofreq
set format x '10^{%L}'
unset logscale y
set yrange [80:100.4]
set ytics norotate autofreq
set format y '%h'
set key inside bottom right vertical maxrows 4 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
plot data index 0 using 1:(100*$2) with lines ls 1 notitle, \
     data index 2 using 1:(100*$2) with lines ls 2 notitle, \
     data index 1 using 1:(100*$2) with points ls 1 notitle, \
     data index 3 using 1:(100*$2) with points ls 2 notitle, \
     keyentry with lines lt nodraw title 'TAR [%] at FAR 1e-1' noenhanced, \
     keyentry with linespoints ls 1 title '95.00!  X' noenhanced, \
     keyentry with linespoints ls 2 title '88.33!  Y_2 & co' noenhanced, \
     keyentry with lines lt nodraw title '! fewer than 30 false matches' noenhanced
unset arrow
unset label
unset output
