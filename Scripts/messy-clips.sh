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
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    make spiral/s$((n % 4))_0$n.mp4 \
        "mandelbrot=size=320x240:rate=25:start_scale=0.0$n:end_scale=0.00001:start_x=-0.7436$n:start_y=-0.1318$n" null -t 2
    make plant/p$((n % 4))_0$n.mp4 \
        "life=size=160x120:rate=12:mold=10:ratio=0.1:seed=$n:death_color=#2a5a34:life_color=#c8f7a1:mold_color=#123" \
        "scale=320:240:flags=neighbor" -t 2
done
for n in 1 2 3 4; do
    make noise/n0_0$n.mp4 "gradients=size=320x240:rate=25:seed=$n:speed=0.02:n=4" "noise=alls=30:allf=t" -t 2
done
cp "$out/spiral/s1_01.mp4" "$out/plant/p9_01.mp4"
cp "$out/plant/p2_02.mp4" "$out/plant/p2_02-copy.mp4"
again() {
    from=$out/$1 to=$out/$2
    shift 2
    ffmpeg -v error -y -i "$from" "$@" "$to" </dev/null
}
again spiral/s3_03.mp4 spiral/s3_03-small.mp4 -vf scale=160:120 -crf 36
again spiral/s2_06.mp4 spiral/mirror.mp4 -vf "hflip,eq=brightness=0.1"
again spiral/s1_05.mp4 spiral/s1_05-logo.webm -vf "drawbox=x=8:y=8:w=70:h=40:color=white:t=fill" -c:v libvpx -b:v 300k
make spiral/s0_night.mp4 "color=black:size=320x240:rate=25" null -t 2
make plant/p0_hung.mp4 "mandelbrot=size=320x240:rate=25" "loop=loop=-1:size=1:start=0" -t 2
make noise/n0_tiny.mp4 "gradients=size=320x240:rate=25:seed=9" null -frames:v 4
make spiral/s0_uneven.mp4 "mandelbrot=size=320x240:rate=25:start_x=-0.1:start_y=0.9" \
    "select='not(mod(n,3))+lt(mod(n,11),4)'" -vsync vfr -t 2
make plant/p0_turned.mp4 "life=size=120x160:rate=12:mold=10:ratio=0.2:seed=77:life_color=#c8f7a1" \
    "scale=240:320:flags=neighbor" -t 9
make spiral/whole.mp4 "mandelbrot=size=320x240:rate=25:start_x=0.3:start_y=0.02" null -t 3 -movflags faststart
size=$(wc -c <"$out/spiral/whole.mp4")
head -c $((size * 6 / 10)) "$out/spiral/whole.mp4" >"$out/spiral/s0_cut.mp4"
rm "$out/spiral/whole.mp4"
echo "Not a video." >"$out/noise/n0_notes.mp4"
: >"$out/plant/p0_empty.mp4"
