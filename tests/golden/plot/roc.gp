# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from roc.dat into roc.pdf.
set terminal pdfcairo size 7.16in,3.574in font 'Helvetica,8' fontscale 0.75 linewidth 1
set output 'roc.pdf'
set encoding utf8
data = 'roc.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1
set multiplot

set label 'LFW' at graph 0.5, screen 0.9695 center norotate noenhanced
set lmargin at screen 0.0701
set rmargin at screen 0.4767
set bmargin at screen 0.3526
set tmargin at screen 0.9391
set label 'False acceptance rate (FAR)' at graph 0.5, screen 0.2699 center norotate noenhanced
set label 'True acceptance rate [%]' at screen 0.0152, graph 0.5 center rotate by 90 noenhanced
set logscale x
set xrange [0.1:1]
set xtics norotate autofreq
set format x '10^{%L}'
unset logscale y
set yrange [80:100.4]
set ytics norotate autofreq
set format y '%h'
set label 'TAR [%] at FAR 1e-1' at screen 0.0824, screen 0.2220 left norotate noenhanced
set key at screen 0.0824, screen 0.2046 top left vertical maxrows 3 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
plot data index 1 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#2200aa' fs transparent solid 0.2 noborder notitle, \
     data index 4 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#cc1133' fs transparent solid 0.2 noborder notitle, \
     data index 0 using 1:(100*$2) with lines ls 1 notitle, \
     data index 3 using 1:(100*$2) with lines ls 2 notitle, \
     data index 2 using 1:(100*$2) with points ls 1 notitle, \
     data index 5 using 1:(100*$2) with points ls 2 notitle, \
     keyentry with linespoints ls 1 title '95.00!  X' noenhanced, \
     keyentry with linespoints ls 2 title '88.33!  Y_2 & co' noenhanced, \
     keyentry with lines lt nodraw title '! fewer than 30 false matches' noenhanced
unset arrow
unset label

set label 'CFP-FP' at graph 0.5, screen 0.9695 center norotate noenhanced
set lmargin at screen 0.5701
set rmargin at screen 0.9767
set bmargin at screen 0.3526
set tmargin at screen 0.9391
set label 'False acceptance rate (FAR)' at graph 0.5, screen 0.2699 center norotate noenhanced
set label 'True acceptance rate [%]' at screen 0.5152, graph 0.5 center rotate by 90 noenhanced
set logscale x
set xrange [0.1:1]
set xtics norotate autofreq
set format x '10^{%L}'
unset logscale y
set yrange [50:101]
set ytics norotate autofreq
set format y '%h'
set label 'TAR [%] at FAR 1e-1' at screen 0.5824, screen 0.2220 left norotate noenhanced
set key at screen 0.5824, screen 0.2046 top left vertical maxrows 4 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
plot data index 7 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#2200aa' fs transparent solid 0.2 noborder notitle, \
     data index 10 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#cc1133' fs transparent solid 0.2 noborder notitle, \
     data index 12 using 1:(100*$2) with lines lc rgb '#777777' lw 1.2 dt (5,3) notitle, \
     data index 6 using 1:(100*$2) with lines ls 1 notitle, \
     data index 9 using 1:(100*$2) with lines ls 2 notitle, \
     data index 8 using 1:(100*$2) with points ls 1 notitle, \
     data index 11 using 1:(100*$2) with points ls 2 notitle, \
     keyentry with linespoints ls 1 title '68.57!  X' noenhanced, \
     keyentry with linespoints ls 2 title '58.57!  Y_2 & co' noenhanced, \
     keyentry with lines lc rgb '#777777' lw 1.2 dt (5,3) title '        50% of ''X''' noenhanced, \
     keyentry with lines lt nodraw title '! fewer than 30 false matches' noenhanced
unset arrow
unset label
unset multiplot
unset output
