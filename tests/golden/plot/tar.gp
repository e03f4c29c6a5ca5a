# A plot of eface-plot VERSION; gnuplot, run in this folder, draws it from tar.dat into tar.pdf.
set terminal pdfcairo size 3.5in,3.289in font 'Helvetica,8' fontscale 0.75 linewidth 1
set output 'tar.pdf'
set encoding utf8
data = 'tar.dat'
set style line 1 lc rgb '#2200aa' lw 1.4 dt 1 pt 7 ps 0.45
set style line 2 lc rgb '#cc1133' lw 1.4 dt (10,4) pt 5 ps 0.45
set tics nomirror scale 0.5
set border lw 0.7
set grid lc rgb '#dddddd' lw 0.5 dt 1

set lmargin at screen 0.1435
set rmargin at screen 0.9524
set bmargin at screen 0.3566
set tmargin at screen 0.9764
set label 'TAR [%] at FAR 1e-1' at screen 0.0311, graph 0.5 center rotate by 90 noenhanced
unset logscale x
set xrange [-0.5:7.5]
set xtics rotate by 25 right ('LFW' 0, 'AgeDB-30' 1, 'CALFW' 2, 'CPLFW' 3, 'CFP-FP' 4, 'CFP-FF' 5, 'IJB-B' 6, 'IJB-C' 7) noenhanced
unset logscale y
set yrange [0:108]
set ytics norotate autofreq
set format y '%h'
set label 'Mean of 8 [%]' at screen 0.1571, screen 0.1939 left norotate noenhanced
set key at screen 0.1571, screen 0.1750 top left vertical maxrows 3 Left reverse noenhanced samplen 2.2 spacing 1.2 width -1 noopaque nobox notitle
set boxwidth 0.3375 absolute
plot data index 0 using 1:(100*$2) with boxes fc rgb '#2200aa' fs solid 1 noborder notitle, \
     data index 0 using 1:(100*$3):(0):(100*($4-$3)) with vectors nohead lc rgb '#ffffff' lw 2.4 notitle, \
     data index 0 using 1:(100*$3):(0):(100*($4-$3)) with vectors nohead lc rgb '#000000' lw 0.8 notitle, \
     data index 1 using 1:(100*$2) with boxes fc rgb '#cc1133' fs solid 1 noborder notitle, \
     data index 1 using 1:(100*$3):(0):(100*($4-$3)) with vectors nohead lc rgb '#ffffff' lw 2.4 notitle, \
     data index 1 using 1:(100*$3):(0):(100*($4-$3)) with vectors nohead lc rgb '#000000' lw 0.8 notitle, \
     data index 2 using 1:(100*$2):('!') with labels center offset 0,0.5 notitle, \
     keyentry with boxes fc rgb '#2200aa' fs solid 1 noborder title '69.47!  X' noenhanced, \
     keyentry with boxes fc rgb '#cc1133' fs solid 1 noborder title '59.64!  Y_2 & co' noenhanced, \
     keyentry with lines lt nodraw title '! fewer than 30 false matches' noenhanced
unset arrow
unset label
unset output
