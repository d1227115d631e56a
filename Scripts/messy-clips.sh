#!/bin/sh
# Makes a small dataset by ffmpeg in which about everything is wrong, to try 'sora prepare' on:
#
#   Scripts/messy-clips.sh messy
#   sora prepare messy --report messy.html
set -eu
out=${1:?usage: $0 OUT_DIR}
mkdir -p "$out/spiral" "$out/plant" "$out/noise"
# make FILE SOURCE [FILTERS [OPTIONS…]]
make() {
    file=$out/$1 source=$2 filters=${3:-null}
    shift 2
    [ $# -eq 0 ] || shift
    ffmpeg -v error -y -f lavfi -i "$source" -vf "$filters" -pix_fmt yuv420p -g 30 "$@" "$file" </dev/null
}
n=10
for place in -0.7436:-0.1318 0.2549:0.0005 -1.2567:0.3809 -0.1011:0.9563 0.3602:0.1003 -1.7687:-0.0017 -0.0452:0.9868 \
    -0.1592:1.0317 0.3750:-0.2166 -0.8116:0.2014 -1.9427:0.0001 -0.5622:0.6428; do
    make spiral/s$((n / 3))_$n.mp4 \
        "mandelbrot=size=320x240:rate=25:start_scale=0.3:end_scale=0.0005:end_pts=60:start_x=${place%:*}:start_y=${place#*:}" \
        null -t 2
    make plant/p$((n / 3))_$n.mp4 \
        "life=size=160x120:rate=12:mold=10:ratio=0.1:seed=$n:death_color=#2a5a34:life_color=#c8f7a1:mold_color=#112233" \
        "scale=320:240:flags=neighbor" -t 2
    n=$((n + 1))
done
for n in 1 2 3 4; do
    make noise/n$((n / 3))_$n.mp4 "gradients=size=320x240:rate=25:seed=$n:speed=0.02:n=4" "noise=alls=30:allf=t" -t 2
done
cp "$out/spiral/s3_10.mp4" "$out/plant/p9_30.mp4"
cp "$out/plant/p4_12.mp4" "$out/plant/p9_31.mp4"
again() {
    from=$out/$1 to=$out/$2
    shift 2
    ffmpeg -v error -y -i "$from" "$@" "$to" </dev/null
}
again spiral/s4_13.mp4 spiral/s9_32.mp4 -vf scale=160:120 -crf 36
again spiral/s5_16.mp4 spiral/s9_33.mp4 -vf "hflip,eq=brightness=0.1"
again spiral/s5_15.mp4 spiral/s9_34.webm -vf "drawbox=x=8:y=8:w=70:h=40:color=white:t=fill" -c:v libvpx -b:v 300k
make spiral/s0_40.mp4 "color=black:size=320x240:rate=25" null -t 2
make plant/p0_41.mp4 "mandelbrot=size=320x240:rate=25" "loop=loop=-1:size=1:start=0" -t 2
make noise/n0_42.mp4 "gradients=size=320x240:rate=25:seed=9" null -frames:v 4
make spiral/s0_43.mp4 "mandelbrot=size=320x240:rate=25:start_x=-0.1:start_y=0.9" \
    "select='not(mod(n,3))+lt(mod(n,11),4)'" -vsync vfr -t 2
make plant/p0_44.mp4 "life=size=120x160:rate=12:mold=10:ratio=0.2:seed=77:life_color=#c8f7a1" \
    "scale=240:320:flags=neighbor" -t 9
make spiral/whole.mp4 "mandelbrot=size=320x240:rate=25:start_x=0.3:start_y=0.02" null -t 3 -movflags faststart
size=$(wc -c <"$out/spiral/whole.mp4")
head -c $((size * 6 / 10)) "$out/spiral/whole.mp4" >"$out/spiral/s0_45.mp4"
rm "$out/spiral/whole.mp4"
echo "Not a video." >"$out/noise/n0_46.mp4"
: >"$out/plant/p0_47.mp4"
