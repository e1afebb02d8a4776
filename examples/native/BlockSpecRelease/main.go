package main

import (
	"pulumi-press/sdk/go/press"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		api, err := press.NewBlockSpec(ctx, "api", &press.BlockSpecArgs{
			Kind: pulumi.String("service"),
			Metadata: &press.SpecMetadataArgs{
				Name:    pulumi.String("prices"),
				Summary: pulumi.String("Tells the price of an article."),
			},
			Config: &press.BlockConfigArgs{
				ServiceType:  pulumi.String("api"),
				ImageDetails: &press.ImageDetailsArgs{Id: pulumi.Any(12)},
			},
		})
		if err != nil {
			return err
		}
		next, err := press.NewBlockSpecRelease(ctx, "next", &press.BlockSpecReleaseArgs{
			SpecId: api.ID(),
			Release: &press.ReleaseArgs{
				Version: pulumi.String("1.1.0"),
				Notes:   pulumi.String("Runs on the new image"),
			},
			Config: &press.BlockConfigArgs{
				ServiceType:  pulumi.String("api"),
				ImageDetails: &press.ImageDetailsArgs{Id: pulumi.Any(13)},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("version", next.Version)
		return nil
	})
}
