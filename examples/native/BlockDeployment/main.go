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
			Parameters: &press.ParametersArgs{
				Run: press.ParameterArray{
					&press.ParameterArgs{
						Name:     pulumi.String("currency"),
						Type:     pulumi.String("string"),
						Required: pulumi.Bool(true),
					},
				},
			},
		})
		if err != nil {
			return err
		}
		production, err := press.NewBlockDeployment(ctx, "production", &press.BlockDeploymentArgs{
			Metadata: &press.DeploymentMetadataArgs{Name: pulumi.String("prices-production")},
			Spec: &press.DeploymentSpecArgs{
				Id:      api.ID(),
				Release: &press.ReleaseVersionArgs{Version: api.ReleaseVersion},
			},
			Parameters: &press.ParameterValuesArgs{
				Run: pulumi.Map{"currency": pulumi.String("EUR")},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("status", production.Status)
		return nil
	})
}
