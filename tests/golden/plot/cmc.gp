# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from cmc.dat into cmc.pdf.
set terminal pdfcairo size 3.5in,2.661in font 'Helvetica,8' fontscale 0.75 linewidth 1
set output 'cmc.pdf'
set encoding utf8
data = 'cmc.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1

set label 'IJB-C' at graph 0.5, screen 0.9591 center norotate noenhanced
set lmargin at screen 0.1435
set rmargin at screen 0.9524
set bmargin at screen 0.1520
set tmargin at screen 0.9181
set label 'Rank' at graph 0.5, screen 0.0409 center norotate noenhanced
set label 'Identification rate [%]' at screen 0.0311, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [1:4]
set xtics norotate ('1' 1, '2' 2, '3' 3, '4' 4) noenhanced
unset logscale y
set yrange [70:100.6]
set ytics norotate autofreq
set format y '%h'
set key inside bottom right vertical maxrows 3 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
plot data index 1 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#2200aa' fs transparent solid 0.2 noborder notitle, \
     data index 4 using 1:(100*$3):(100*$4) with filledcurves fc rgb '#cc1133' fs transparent solid 0.2 noborder notitle, \
     data index 0 using 1:(100*$2) with lines ls 1 notitle, \
     data index 3 using 1:(100*$2) with lines ls 2 notitle, \
     data index 2 using 1:(100*$2) with points ls 1 notitle, \
     data index 5 using 1:(100*$2) with points ls 2 notitle, \
     keyentry with lines lt nodraw title 'Rank 1 [%]' noenhanced, \
     keyentry with linespoints ls 1 title '84.62  X' noenhanced, \
     keyentry with linespoints ls 2 title '79.49  Y_2 & co' noenhanced
unset arrow
unset label
unset output
