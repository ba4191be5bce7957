#!/bin/sh
# Makes holdwell/ui/stretch/timer/awake_video.js: a black, silent video by which a browser without a
# screen lock keeps the screen on. Needs ffmpeg with libx264.
set -e
cd "$(dirname "$0")/../holdwell/ui/stretch/timer"
made=$(mktemp --suffix .mp4)
ffmpeg -v error -y -f lavfi -i color=c=black:s=32x32:r=2:d=20 -f lavfi -i anullsrc=r=8000:cl=mono \
  -t 20 -c:v libx264 -profile:v baseline -level 3.0 -pix_fmt yuv420p -preset veryslow -crf 50 -g 40 \
  -c:a aac -b:a 8k -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -movflags +faststart "$made"
kept=$(grep '^//' awake_video.js)
printf '%s\nexport const AWAKE_VIDEO = "data:video/mp4;base64,%s";\n' "$kept" "$(base64 -w 0 "$made")" \
  > awake_video.js
rm "$made"
