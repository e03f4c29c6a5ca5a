# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from hist.dat into hist.pdf.
set terminal pdfcairo size 3.5in,5.417in font 'Helvetica,8' fontscale 0.75 linewidth 1
set output 'hist.pdf'
set encoding utf8
data = 'hist.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1
set multiplot

set label 'LFW, X' at graph 0.5, screen 0.9799 center norotate noenhanced
set lmargin at screen 0.1244
set rmargin at screen 0.9524
set bmargin at screen 0.5747
set tmargin at screen 0.9598
set label 'Score' at graph 0.5, screen 0.5201 center norotate noenhanced
set label 'Share in 0.1 [%]' at screen 0.0311, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [-0.8:1]
set xtics norotate ('-0.5' -0.5, '0' 0, '0.5' 0.5, '1' 1) noenhanced
unset logscale y
set yrange [0:47.5]
set ytics norotate autofreq
set format y '%h'
set key inside top left vertical maxrows 3 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
set arrow from first 0.349179309, graph 0 to first 0.349179309, graph 0.6844 nohead lc rgb '#555555' lw 0.8 dt (4,3)
set label 'FAR 1e-1' at first 0.349179309, graph 0.98 rotate by 90 right noenhanced
plot data index 0 using 1:(100*$2) with filledcurves y1=0 fc rgb '#cc1133' fs transparent solid 0.25 noborder notitle, \
     data index 0 using 1:(100*$2) with lines ls 2 notitle, \
     data index 1 using 1:(100*$2) with filledcurves y1=0 fc rgb '#2200aa' fs transparent solid 0.25 noborder notitle, \
     data index 1 using 1:(100*$2) with lines ls 1 notitle, \
     keyentry with boxes fc rgb '#cc1133' fs transparent solid 0.25 noborder title 'impostor (60)' noenhanced, \
     keyentry with boxes fc rgb '#2200aa' fs transparent solid 0.25 noborder title 'genuine (60)' noenhanced
unset arrow
unset label

set label 'LFW, Y_2 & co' at graph 0.5, screen 0.4799 center norotate noenhanced
set lmargin at screen 0.1244
set rmargin at screen 0.9524
set bmargin at screen 0.0747
set tmargin at screen 0.4598
set label 'Score' at graph 0.5, screen 0.0201 center norotate noenhanced
set label 'Share in 0.1 [%]' at screen 0.0311, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [-0.8:1]
set xtics norotate ('-0.5' -0.5, '0' 0, '0.5' 0.5, '1' 1) noenhanced
unset logscale y
set yrange [0:47.5]
set ytics norotate autofreq
set format y '%h'
set key inside top left vertical maxrows 3 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
set arrow from first 0.415305073, graph 0 to first 0.415305073, graph 0.6844 nohead lc rgb '#555555' lw 0.8 dt (4,3)
set label 'FAR 1e-1' at first 0.415305073, graph 0.98 rotate by 90 right noenhanced
plot data index 2 using 1:(100*$2) with filledcurves y1=0 fc rgb '#cc1133' fs transparent solid 0.25 noborder notitle, \
     data index 2 using 1:(100*$2) with lines ls 2 notitle, \
     data index 3 using 1:(100*$2) with filledcurves y1=0 fc rgb '#2200aa' fs transparent solid 0.25 noborder notitle, \
     data index 3 using 1:(100*$2) with lines ls 1 notitle, \
     keyentry with boxes fc rgb '#cc1133' fs transparent solid 0.25 noborder title 'impostor (60)' noenhanced, \
     keyentry with boxes fc rgb '#2200aa' fs transparent solid 0.25 noborder title 'genuine (60)' noenhanced
unset arrow
unset label
unset multiplot
unset output
