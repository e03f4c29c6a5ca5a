# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from det.dat into det.pdf.
set terminal pdfcairo size 10in,5.625in font 'Helvetica,14' fontscale 0.75 linewidth 1
set output 'det.pdf'
set encoding utf8
data = 'det.dat'
deviate(p) = invnorm(p < 1e-12 ? 1e-12 : p > 1 - 1e-12 ? 1 - 1e-12 : p)
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1
set multiplot

set label 'LFW' at graph 0.5, screen 0.9661 center norotate noenhanced
set lmargin at screen 0.0762
set rmargin at screen 0.4708
set bmargin at screen 0.2952
set tmargin at screen 0.9322
set label 'False match rate [%]' at graph 0.5, screen 0.2033 center norotate noenhanced
set label 'False non-match rate [%]' at screen 0.0191, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [deviate(0.1):deviate(0.4)]
set xtics norotate ('40' deviate(0.4), '20' deviate(0.2), '10' deviate(0.1)) noenhanced
unset logscale y
set yrange [deviate(0.01):deviate(0.2)]
set ytics norotate ('20' deviate(0.2), '10' deviate(0.1), '5' deviate(0.05), '2' deviate(0.02), '1' deviate(0.01)) noenhanced
set label 'EER [%]' at screen 0.1217, screen 0.1500 left norotate noenhanced
set key at screen 0.1217, screen 0.1307 top left vertical maxrows 2 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
set arrow from deviate(0.1),deviate(0.1) to deviate(0.2),deviate(0.2) nohead back lc rgb '#999999' lw 0.6 dt (2,3)
plot data index 1 using (deviate($1)):(deviate($3)):(deviate($4)) with filledcurves fc rgb '#2200aa' fs transparent solid 0.2 noborder notitle, \
     data index 4 using (deviate($1)):(deviate($3)):(deviate($4)) with filledcurves fc rgb '#cc1133' fs transparent solid 0.2 noborder notitle, \
     data index 0 using (deviate($1)):(deviate($2)) with lines ls 1 notitle, \
     data index 3 using (deviate($1)):(deviate($2)) with lines ls 2 notitle, \
     data index 2 using (deviate($1)):(deviate($2)) with points ls 1 notitle, \
     data index 5 using (deviate($1)):(deviate($2)) with points ls 2 notitle, \
     keyentry with linespoints ls 1 title ' 8.33  X' noenhanced, \
     keyentry with linespoints ls 2 title '11.67  Y_2 & co' noenhanced
unset arrow
unset label

set label 'IJB-C' at graph 0.5, screen 0.9661 center norotate noenhanced
set lmargin at screen 0.5762
set rmargin at screen 0.9708
set bmargin at screen 0.2952
set tmargin at screen 0.9322
set label 'False match rate [%]' at graph 0.5, screen 0.2033 center norotate noenhanced
set label 'False non-match rate [%]' at screen 0.5191, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [deviate(0.01):deviate(0.4)]
set xtics norotate ('40' deviate(0.4), '20' deviate(0.2), '10' deviate(0.1), '5' deviate(0.05), '2' deviate(0.02), '1' deviate(0.01)) noenhanced
unset logscale y
set yrange [deviate(0.02):deviate(0.8)]
set ytics norotate ('80' deviate(0.8), '60' deviate(0.6), '40' deviate(0.4), '20' deviate(0.2), '10' deviate(0.1), '5' deviate(0.05), '2' deviate(0.02)) noenhanced
set label 'EER [%]' at screen 0.6217, screen 0.1500 left norotate noenhanced
set key at screen 0.6217, screen 0.1307 top left vertical maxrows 2 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
set arrow from deviate(0.02),deviate(0.02) to deviate(0.4),deviate(0.4) nohead back lc rgb '#999999' lw 0.6 dt (2,3)
plot data index 7 using (deviate($1)):(deviate($3)):(deviate($4)) with filledcurves fc rgb '#2200aa' fs transparent solid 0.2 noborder notitle, \
     data index 10 using (deviate($1)):(deviate($3)):(deviate($4)) with filledcurves fc rgb '#cc1133' fs transparent solid 0.2 noborder notitle, \
     data index 6 using (deviate($1)):(deviate($2)) with lines ls 1 notitle, \
     data index 9 using (deviate($1)):(deviate($2)) with lines ls 2 notitle, \
     data index 8 using (deviate($1)):(deviate($2)) with points ls 1 notitle, \
     data index 11 using (deviate($1)):(deviate($2)) with points ls 2 notitle, \
     keyentry with linespoints ls 1 title '15.38  X' noenhanced, \
     keyentry with linespoints ls 2 title '20.09  Y_2 & co' noenhanced
unset arrow
unset label
unset multiplot
unset output
